// SPDX-License-Identifier: GPL-3.0-or-later
//
// The token endpoint ends a grant.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("invalid_grant needs a sign-in and is not asked again", "[broker][renewal]") {
  Expired bench;
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "reauthorize/invalid_grant");
  bench.clock.advance(1h);
  CHECK(bench.token() == "reauthorize/invalid_grant");

  CHECK(bench.http.seen.size() == 1);
  CHECK(bench.heard == std::vector<std::string>{"needs sign-in invalid_grant"});
}

TEST_CASE("that the token endpoint ended a grant is written down, once", "[broker][renewal]") {
  Expired bench;
  bench.refuse("invalid_grant");
  REQUIRE(bench.token() == "reauthorize/invalid_grant");

  CHECK(bench.items->grants.at(kAlice).ended());
  CHECK(bench.items->grants.at(kAlice).refresh_token.reveal() == "R1");
  const int saves = bench.store.count("save");
  bench.start();  // another process
  bench.refuse("invalid_grant");
  CHECK(bench.token() == "reauthorize/invalid_grant");
  CHECK(bench.store.count("save") == saves);
}

TEST_CASE("the token of a grant whose end was written down is handed out no more",
          "[broker][renewal]") {
  Bench bench;
  Grant ended = bench.grant("A1", 1h);
  ended.ended_at = bench.clock.now();
  bench.store.put(ended);
  bench.start();
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "reauthorize/invalid_grant");

  CHECK(bench.http.seen.size() == 1);
  CHECK(bench.items->grants.at(kAlice).access_token.empty());
}

TEST_CASE("a grant that ended and is renewed all the same has not ended", "[broker][renewal]") {
  Expired bench;
  bench.refuse("invalid_grant");
  REQUIRE(bench.token() == "reauthorize/invalid_grant");
  bench.start();  // another process asks, and the server changed its mind
  bench.http.answer(200, Bench::tokens("A2"));

  CHECK(bench.token() == "A2");

  CHECK_FALSE(bench.items->grants.at(kAlice).ended());
}

TEST_CASE("an end that the store will not take is told all the same", "[broker][renewal]") {
  Expired bench;
  bench.quiet_store.save_fails = make_error(Error::Kind::kStorage, "full", "full");
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "reauthorize/invalid_grant");

  CHECK(bench.heard == std::vector<std::string>{"needs sign-in invalid_grant"});
  CHECK_FALSE(bench.items->grants.at(kAlice).ended());
}

TEST_CASE("after invalid_grant a new item in the store is used", "[broker][renewal]") {
  Expired bench;
  bench.refuse("invalid_grant");
  REQUIRE(bench.token() == "reauthorize/invalid_grant");

  bench.store.put(bench.grant("B1", 1h, "S1"));

  CHECK(bench.token() == "B1");
}

TEST_CASE("invalid_grant for a token that another process has just rotated", "[broker][renewal]") {
  Expired bench;
  const auto asked = bench.ask();
  run_until_quiet();
  REQUIRE(bench.http.open() == 1);

  bench.store.put(bench.grant("A2", 1h, "R2"));
  bench.refuse("invalid_grant");
  run_until_quiet();

  CHECK(Bench::said(*asked) == "A2");
  CHECK(bench.heard.empty());
}
