// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/fresh_tokens.h"

#include <functional>

#include "broker/bench.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

const WallTime kNow = WallTime() + std::chrono::hours(500'000);
const GrantKey kBob{{"contoso", "client-1", "t1"}, "bob@contoso.test"};

FreshToken fresh(const std::string& token) {
  return {AccessToken(Secret(token)), kNow + 1h, kNow, {Protocol::kImap, Protocol::kSmtp}};
}

std::string found(FreshTokens& tokens, const GrantKey& key = kAlice, WallTime now = kNow) {
  const auto token = tokens.find(key, Protocol::kImap, now);
  return token ? std::string(token->reveal()) : "";
}

/// Alice's "A1", with half an hour left, was just handed out.
struct Warm : Bench {
  Warm() {
    store.put(grant("A1", 30min));
    start();
    REQUIRE(token() == "A1");
    REQUIRE(at_hand() == "A1");
  }
  std::shared_ptr<Asked<std::vector<Grant>>> given;
};

}  // namespace

TEST_CASE("a kept token is found for its grant and protocols", "[broker][at_hand]") {
  FreshTokens tokens;
  tokens.keep(kAlice, fresh("A1"));
  tokens.keep(kBob, fresh("B1"));

  CHECK(found(tokens) == "A1");
  CHECK(found(tokens, kBob) == "B1");
  CHECK_FALSE(tokens.find(kAlice, Protocol::kPop, kNow));
  tokens.keep(kAlice, fresh("A2"));
  CHECK(found(tokens) == "A2");
}

TEST_CASE("a kept token ends ten seconds before it expires, and for good", "[broker][at_hand]") {
  FreshTokens tokens;
  tokens.keep(kAlice, fresh("A1"));

  CHECK(found(tokens, kAlice, kNow + 1h - 11s) == "A1");
  CHECK(found(tokens, kAlice, kNow + 1h - 10s).empty());
  CHECK(found(tokens).empty());  // the clock went back: it is wiped already
}

TEST_CASE("dropping a token leaves the other grants'", "[broker][at_hand]") {
  FreshTokens tokens;
  tokens.keep(kAlice, fresh("A1"));
  tokens.keep(kBob, fresh("B1"));

  tokens.drop(kAlice);

  CHECK(found(tokens).empty());
  CHECK(found(tokens, kBob) == "B1");
}

TEST_CASE("nothing is kept until every refusal has arrived", "[broker][at_hand]") {
  FreshTokens tokens;
  tokens.keep(kAlice, fresh("A1"));
  tokens.shut(kAlice);
  tokens.shut(kAlice);
  CHECK(found(tokens).empty());

  tokens.keep(kAlice, fresh("A1"));
  tokens.open(kAlice);
  tokens.keep(kAlice, fresh("A1"));
  CHECK(found(tokens).empty());
  tokens.open(kAlice);
  CHECK(found(tokens).empty());
  tokens.keep(kAlice, fresh("A2"));
  CHECK(found(tokens) == "A2");
}

TEST_CASE("after the end nothing is found and nothing kept", "[broker][at_hand]") {
  FreshTokens tokens;
  tokens.keep(kAlice, fresh("A1"));

  tokens.end();
  tokens.keep(kAlice, fresh("A1"));

  CHECK(found(tokens).empty());
}

TEST_CASE("what was handed out is at hand, for what its scope covers", "[broker][at_hand]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  CHECK(bench.at_hand().empty());

  REQUIRE(bench.token(Protocol::kSmtp) == "A1");

  CHECK(bench.at_hand(Protocol::kImap) == "A1");
  CHECK(bench.at_hand(Protocol::kSmtp) == "A1");
  CHECK(bench.at_hand(Protocol::kPop).empty());
}

TEST_CASE("a token is not at hand once the broker would not hand it out", "[broker][at_hand]") {
  using End = std::function<void(Warm&)>;
  const auto [name, end] = GENERATE(table<std::string, End>({
      {"refused by a mail server", [](Warm& warm) { warm.broker->refused(kAlice, "A1"); }},
      {"another signed in", [](Warm& warm) { warm.adopt(warm.grant("S1", 1h, "R9")); }},
      {"signed out", [](Warm& warm) { warm.given = warm.give_up(); }},
      {"ten seconds left", [](Warm& warm) { warm.clock.suspend(30min - 10s); }},
  }));
  CAPTURE(name);
  Warm warm;

  end(warm);
  run_until_quiet();

  CHECK(warm.at_hand().empty());
}

TEST_CASE("a refusal of an old token leaves the new one at hand", "[broker][at_hand]") {
  Warm warm;
  warm.broker->refused(kAlice, "A0");
  CHECK(warm.at_hand() == "A1");
}

TEST_CASE("a renewal puts the new token in the place of the old one", "[broker][at_hand]") {
  Warm warm;
  warm.http.answer(200, Bench::tokens("A2", "R2"));
  warm.broker->refused(kAlice, "A1");

  CHECK(warm.token() == "A2");

  CHECK(warm.at_hand() == "A2");
}

TEST_CASE("a renewal ahead of expiry leaves no old token at hand", "[broker][at_hand]") {
  Bench bench;
  bench.ahead = true;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  bench.clock.advance(25min - 1s);
  CHECK(bench.at_hand() == "A1");  // the renewal is where it was, though nobody asks the broker
  bench.clock.advance(1s);

  CHECK(bench.http.seen.size() == 1);
  CHECK(bench.at_hand().empty());
  CHECK(bench.token() == "A2");
}

TEST_CASE("a refused token that cannot be renewed now is never at hand", "[broker][at_hand]") {
  Warm warm;
  warm.broker->refused(kAlice, "A1");
  warm.refuse("temporarily_unavailable", 503);

  CHECK(warm.token() == "A1");  // still the best there is, and only the broker can say so

  CHECK(warm.at_hand().empty());
}

TEST_CASE("what is left of an ended grant's token is not at hand", "[broker][at_hand]") {
  Warm warm;
  warm.broker->refused(kAlice, "A1");
  warm.refuse("invalid_grant");

  CHECK(warm.token() == "reauthorize/invalid_grant");

  CHECK(warm.at_hand().empty());
}

TEST_CASE("a token of one second is handed out and not kept at hand", "[broker][at_hand]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 0s));
  bench.start();
  bench.http.answer(200, Bench::tokens("A2", "R2", 1));

  CHECK(bench.token() == "A2");

  CHECK(bench.at_hand().empty());
}

TEST_CASE("another process's newer sign-in leaves no old token at hand", "[broker][at_hand]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 0s));
  bench.start();
  REQUIRE(bench.token_unsaved(Bench::tokens("A2", "R2")) == "A2");
  REQUIRE(bench.at_hand() == "A2");
  Grant other = bench.grant("S1", 1h, "S9");
  other.sign_in = "another";
  bench.store.put(other);

  bench.broker->save_now();
  run_until_quiet();

  CHECK(bench.at_hand().empty());
  CHECK(bench.token() == "S1");
}
