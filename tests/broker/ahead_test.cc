// SPDX-License-Identifier: GPL-3.0-or-later
//
// Renewing ahead of expiry, unasked.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

struct Ahead : Bench {
  explicit Ahead(std::chrono::seconds left) {
    ahead = true;
    store.put(grant("A1", left));
    start();
    first = token();
  }
  std::string first;
};

}  // namespace

TEST_CASE("a token is renewed ahead by its margin", "[broker][ahead]") {
  Ahead bench(30min);
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  bench.clock.advance(25min - 1s);
  CHECK(bench.http.seen.empty());
  bench.clock.advance(1s);

  CHECK(bench.http.seen.size() == 1);
  CHECK(bench.token() == "A2");
}

TEST_CASE("the margin is the provider's", "[broker][ahead]") {
  Bench bench;
  bench.ahead = true;
  Provider patient = contoso();
  patient.refresh_margin = 60s;
  bench.provider = patient;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(29min - 1s);
  CHECK(bench.http.seen.empty());
  bench.clock.advance(1s);
  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("the margin is never over a quarter of the lifetime", "[broker][ahead]") {
  Ahead bench(30min);
  bench.http.answer(200, Bench::tokens("A2", "R2", 120));
  bench.clock.advance(25min);
  REQUIRE(bench.http.seen.size() == 1);

  bench.clock.advance(89s);
  CHECK(bench.http.seen.size() == 1);
  bench.clock.advance(1s);
  CHECK(bench.http.seen.size() == 2);
}

TEST_CASE("callers get the valid token while it is renewed ahead", "[broker][ahead]") {
  Ahead bench(2min);
  bench.clock.advance(1ms);
  REQUIRE(bench.http.open() == 1);

  CHECK(bench.token() == "A1");
}

TEST_CASE("nothing is renewed ahead that nobody asked for", "[broker][ahead]") {
  Bench bench;
  bench.ahead = true;
  bench.store.put(bench.grant("A1", 2min));
  bench.start();

  bench.clock.advance(1h);

  CHECK(bench.http.seen.empty());
  CHECK(bench.store.asked.empty());
}

TEST_CASE("nothing is renewed ahead where that is off", "[broker][ahead]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 2min));
  bench.start();
  REQUIRE(bench.token() == "A1");

  bench.clock.advance(1h);

  CHECK(bench.http.seen.empty());
}

TEST_CASE("nobody waits much longer than a minute in one go, for clocks jump", "[broker][ahead]") {
  Ahead bench(8h);
  CHECK(bench.clock.next_wait() <= 61s);

  bench.clock.suspend(8h - 1min);  // a suspended night
  bench.clock.advance(61s);

  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("renewing ahead asks the person nothing", "[broker][ahead]") {
  Ahead bench(30min);
  const auto asked = bench.store.asked.size();
  bench.quiet_store.load_fails = MemoryStore::locked();

  bench.clock.advance(26min);

  CHECK(bench.store.asked.size() == asked);
  CHECK(bench.quiet_store.count("load") > 0);
  CHECK(bench.http.seen.empty());
}

TEST_CASE("who joins a quiet renewal that meets a locked keyring gets one that may ask",
          "[broker][ahead]") {
  Ahead bench(10min);
  bench.quiet_store.load_fails = MemoryStore::locked();
  bench.clock.advance(5min);
  bench.broker->refused(kAlice, "A1");
  const auto asked = bench.ask();
  run_until_quiet();
  REQUIRE_FALSE(asked->answered());

  bench.http.answer(200, Bench::tokens("A2"));
  bench.clock.advance(15s);

  CHECK(Bench::said(*asked) == "A2");
}

TEST_CASE("a failure while the token lives is nobody's business", "[broker][ahead]") {
  Ahead bench(10min);
  bench.http.fail(make_error(Error::Kind::kTransient, "no network", "offline"));
  bench.clock.advance(5min);
  REQUIRE(bench.http.seen.size() == 1);

  CHECK(bench.token() == "A1");
  bench.http.answer(200, Bench::tokens("A2"));
  bench.clock.advance(5s);
  CHECK(bench.token() == "A2");
}

TEST_CASE("a permanent refusal is not retried unasked", "[broker][ahead]") {
  Ahead bench(10min);
  bench.refuse("access_denied");

  bench.clock.advance(3h);

  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("an ended grant is reported ahead, and its token served while it lives",
          "[broker][ahead]") {
  Ahead bench(10min);
  bench.refuse("invalid_grant");
  bench.clock.advance(5min);

  CHECK(bench.heard == std::vector<std::string>{"needs sign-in invalid_grant"});
  CHECK(bench.token() == "A1");
  bench.clock.advance(5min);
  CHECK(bench.token() == "reauthorize/invalid_grant");
  CHECK(bench.http.seen.size() == 1);
}
