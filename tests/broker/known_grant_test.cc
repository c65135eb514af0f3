// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/known_grant.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

const WallTime kNoon = WallTime(std::chrono::seconds(1'800'000'000));

Grant sign_in(const std::string& name, int renewals) {
  Grant grant;
  grant.sign_in = name;
  grant.renewals = renewals;
  grant.refresh_token = RefreshToken(Secret(name + "." + std::to_string(renewals)));
  grant.signed_in_at = kNoon - std::chrono::hours(1);
  return grant;
}

/// S1, renewed once, which took the place of S0.
KnownGrant known_second() {
  KnownGrant known;
  known.take_stored(sign_in("S0", 4));
  known.take(sign_in("S1", 1));
  return known;
}

std::vector<std::string> tokens_of(const std::vector<Grant>& grants) {
  std::vector<std::string> tokens;
  for (const Grant& one : grants) tokens.emplace_back(one.refresh_token.reveal());
  return tokens;
}

}  // namespace

TEST_CASE("which is newer, the item or what is known, and what is to be revoked of them",
          "[broker][known]") {
  using Tokens = std::vector<std::string>;
  const auto [name, renewals, stands, live] = GENERATE(table<std::string, int, Stands, Tokens>({
      {"S1", 1, Stands::kSame, {"S1.1"}},
      {"S1", 0, Stands::kOlder, {"S1.1"}},  // the save failed
      {"S1", 2, Stands::kNewer, {"S1.2"}},  // somebody else renewed it
      {"S0", 4, Stands::kOlder, {"S1.1", "S0.4"}},
      {"S0", 5, Stands::kOlder, {"S1.1", "S0.5"}},  // renewed, of whatever number
      {"S2", 0, Stands::kNewer, {"S2.0", "S1.1"}},
  }));
  CAPTURE(name, renewals);
  KnownGrant own = known_second();

  CHECK(own.beside(sign_in(name, renewals), kNoon) == stands);
  CHECK(tokens_of(own.live_with(sign_in(name, renewals), kNoon)) == live);
  CHECK(own.in_store == (name == "S1"));
}

TEST_CASE("nothing in the store is a sign-out where the sign-in stood there", "[broker][known]") {
  KnownGrant own = known_second();
  own.set_unsaved(make_error(Error::Kind::kStorage, "", "full"));
  CHECK(own.beside(std::nullopt, kNoon) == Stands::kNothing);
  CHECK(tokens_of(own.live_with(std::nullopt, kNoon)) == std::vector<std::string>{"S1.1"});

  SECTION("it was stored") { own.set_stored(); }
  SECTION("it was seen there") { own.beside(sign_in("S1", 0), kNoon); }
  SECTION("it was found there and could not be stored again") {
    own.take_stored(sign_in("S2", 0));
    own.set_unsaved(make_error(Error::Kind::kStorage, "", "full"));
  }
  CHECK(own.beside(std::nullopt, kNoon) == Stands::kSignedOut);
}

TEST_CASE("another sign-in takes nothing over of the one before it", "[broker][known]") {
  KnownGrant own = known_second();
  own.set_stored();
  own.set_unsaved(make_error(Error::Kind::kStorage, "", "full"));

  own.take(sign_in("S2", 0));

  CHECK_FALSE(own.unsaved);
  CHECK_FALSE(own.in_store);
  CHECK(own.duplicate().beside(sign_in("S1", 9), kNoon) == Stands::kOlder);
}

TEST_CASE("a sign-in that has ended is not to be revoked beside the one after it",
          "[broker][known]") {
  KnownGrant own = known_second();
  own.grant->ended_at = kNoon;

  CHECK(tokens_of(own.live_with(sign_in("S2", 0), kNoon)) == std::vector<std::string>{"S2.0"});
}

TEST_CASE("where nothing is known, the item is what is to be revoked", "[broker][known]") {
  KnownGrant nothing;
  CHECK(tokens_of(nothing.live_with(sign_in("S1", 0), kNoon)) == std::vector<std::string>{"S1.0"});
  CHECK(nothing.live_with(std::nullopt, kNoon).empty());
}
