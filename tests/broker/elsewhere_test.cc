// SPDX-License-Identifier: GPL-3.0-or-later
//
// A person signs in and out in another process, while this one has something that the store would
// not take.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

Grant other_sign_in(const Bench& bench, std::chrono::seconds left) {
  Grant grant = bench.grant("B1", left, "S2-R1");
  grant.sign_in = "another";
  grant.signed_in_at = bench.clock.now();
  return grant;
}

}  // namespace

TEST_CASE("a sign-out elsewhere is not undone by who renewed what was signed in elsewhere",
          "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 5min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(6min);
  bench.store.put(other_sign_in(bench, -1s));
  REQUIRE(bench.token_unsaved(Bench::tokens("B2", "S2-R2", 20)) == "B2");
  bench.items->grants.clear();  // and signs out there
  bench.saves_fail(std::nullopt);

  SECTION("the next try to save") { bench.clock.advance(30s); }
  SECTION("the next renewal") {
    bench.clock.advance(15s);
    CHECK(bench.token() == "reauthorize/no-grant");
  }
  CHECK(bench.stored_refresh().empty());
  CHECK(bench.heard.back() == "needs sign-in no-grant");
}

TEST_CASE("signing out ends the sign-in of another process, and the unsaved one before it",
          "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  REQUIRE(bench.token_unsaved(Bench::tokens("A2", "R2")) == "A2");
  bench.store.put(other_sign_in(bench, 1h));
  bench.saves_fail(std::nullopt);

  CHECK(bench.given_up() == std::vector<std::string>{"S2-R1", "R2"});
  CHECK(bench.items->grants.empty());
}

TEST_CASE("signing out ends what another process renewed, and nothing twice", "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.start();
  REQUIRE(bench.token() == "A1");
  Grant renewed = bench.grant("A2", 1h, "R2");
  renewed.renewals = 1;
  bench.store.put(renewed);

  CHECK(bench.given_up() == std::vector<std::string>{"R2"});
}

TEST_CASE("an item that somebody deleted while its renewal was refused is not written again",
          "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  const auto asked = bench.ask();
  run_until_quiet();
  bench.items->grants.clear();
  bench.refuse("invalid_grant");
  run_until_quiet();

  CHECK(Bench::said(*asked) == "reauthorize/no-grant");
  CHECK(bench.items->grants.empty());
}
