// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process takes with it that ends now.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// Alice's refresh token is on its way.
struct Sent : Bench {
  Sent() {
    store.put(grant("A1", -5min));
    start();
    asked = ask();
    run_until_quiet();
  }
  std::shared_ptr<Asked<AccessToken>> asked;
};

}  // namespace

TEST_CASE("a program that ends while a refresh token is under way says what may be lost",
          "[broker][I2]") {
  Sent bench;

  CHECK(bench.broker->losses() == kMayBeLost);
  CHECK(bench.at_end == std::vector<AtEnd>{AtEnd::kMayBeLost});
}

TEST_CASE("nothing is said to be lost that was not sent", "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  const auto other = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE((other && *other));
  const auto asked = bench.ask();
  run_until_quiet();

  CHECK(bench.broker->losses().empty());
  CHECK(bench.at_end.empty());
}

TEST_CASE("what may be lost is so until it was answered", "[broker][I2]") {
  Sent bench;
  SECTION("by a new refresh token, which is lost until it is stored") {
    bench.quiet_store.silent_at = "save";
    bench.http.answer(200, Bench::tokens("A2", "R2"));
    run_until_quiet();
    CHECK(bench.broker->losses() == kLost);
    bench.quiet_store.answer_now();
    run_until_quiet();
    CHECK(bench.at_end == std::vector<AtEnd>{AtEnd::kMayBeLost, AtEnd::kLost, AtEnd::kKept});
  }
  SECTION("by the same refresh token") {
    bench.quiet_store.silent_at = "save";
    bench.http.answer(200, Bench::tokens("A2"));
    run_until_quiet();
    CHECK(bench.at_end == std::vector<AtEnd>{AtEnd::kMayBeLost, AtEnd::kKept});
  }
  SECTION("by a refusal, whose race is looked for") {
    bench.quiet_store.silent_at = "load";
    bench.refuse("invalid_grant");
    run_until_quiet();
    CHECK(bench.at_end == std::vector<AtEnd>{AtEnd::kMayBeLost, AtEnd::kKept});
  }
  SECTION("by no connection") {
    bench.http.fail(make_error(Error::Kind::kTransient, "no network", "offline"));
    run_until_quiet();
    CHECK(bench.at_end == std::vector<AtEnd>{AtEnd::kMayBeLost, AtEnd::kKept});
  }
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("an unsaved sign-in whose renewal is under way is lost, whatever the answer",
          "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  REQUIRE(bench.token_unsaved(Bench::tokens("A2", "R2", 20)) == "A2");
  bench.clock.advance(15s);
  const auto asked = bench.ask();
  run_until_quiet();
  REQUIRE(bench.http.open() == 1);

  CHECK(bench.broker->losses() == kLost);
}

TEST_CASE("of several sign-ins the one that is lost comes first, and says how bad it is",
          "[broker][loss]") {
  const GrantKey bob{kAlice.client, "bob@contoso.test"};

  const Error both = sign_ins_lost({{kAlice, AtEnd::kMayBeLost}, {bob, AtEnd::kLost}});

  CHECK(both.kind == Error::Kind::kStorage);
  CHECK(both.what == sign_in_lost({bob, AtEnd::kLost}).what + "\n" +
                         sign_in_lost({kAlice, AtEnd::kMayBeLost}).what);
}

TEST_CASE("what is lost, and what may be, is told apart and says what to do", "[broker][loss]") {
  const Error lost = sign_in_lost({kAlice, AtEnd::kLost});
  CHECK(lost.kind == Error::Kind::kStorage);
  CHECK(lost.what.find("is lost") != std::string::npos);

  const Error may_be = sign_in_lost({kAlice, AtEnd::kMayBeLost});
  CHECK(may_be.kind == Error::Kind::kTransient);
  CHECK(may_be.what.find("may have ended") != std::string::npos);
  for (const Error& error : {lost, may_be}) {
    CHECK(error.what.find("mail-oauth login alice@contoso.test") != std::string::npos);
  }
}
