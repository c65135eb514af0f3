// SPDX-License-Identifier: GPL-3.0-or-later
//
// A store that is behind what a process has in memory: what is read there, and whose it is.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// R1 is in the store, and was renewed often while nothing could be stored: R25 is in memory.
struct LongBehind : Bench {
  explicit LongBehind(bool readable) {
    store.put(grant("A1", -5min));
    start();
    REQUIRE(token_unsaved(tokens("A2", "R2", 60)) == "A2");
    if (!readable) loads_fail(MemoryStore::locked());
    for (int i = 3; i <= 25; ++i) {
      clock.advance(1min);
      http.answer(200, tokens("A" + std::to_string(i), "R" + std::to_string(i), 60));
      REQUIRE(token() == "A" + std::to_string(i));
    }
    REQUIRE(stored_refresh() == "R1");
    loads_fail(std::nullopt);
  }
};

/// A sign-in that nothing could be stored of: NEW-R is in memory, OLD-R in the store.
struct UnsavedSignIn : Bench {
  explicit UnsavedSignIn(std::chrono::seconds left = 1h) {
    store.put(grant("OLD", 1h, "OLD-R"));
    start();
    loads_fail(MemoryStore::locked());
    saves_fail(MemoryStore::locked());
    adopt(grant("NEW", left, "NEW-R"));
    run_until_quiet();
    clock.advance(20s);
    loads_fail(std::nullopt);
    saves_fail(std::nullopt);
  }

  /// By another process, or an older version, which keeps what it does not know.
  void put(const std::string& access, const std::string& refresh, WallTime signed_in_at) {
    Grant other = grant(access, 1h, refresh);
    other.signed_in_at = signed_in_at;
    store.put(other);
  }
};

}  // namespace

TEST_CASE("a grant renewed many times while nothing could be stored is stored in the end",
          "[broker][I2]") {
  LongBehind bench(GENERATE(true, false));
  bench.saves_fail(std::nullopt);

  bench.broker->save_now();
  run_until_quiet();

  CHECK(bench.stored_refresh() == "R25");
  CHECK(bench.heard.back() == "saved");
}

TEST_CASE("the refresh token that a store was left with is not sent again after many renewals",
          "[broker][I2]") {
  LongBehind bench(GENERATE(true, false));

  bench.clock.advance(1min);
  bench.http.answer(200, Bench::tokens("A26", "R26"));

  CHECK(bench.token() == "A26");
  CHECK(bench.sent_last().find("refresh_token=R25&") != std::string::npos);
}

TEST_CASE("a later sign-in by another process is not written over with an unsaved one",
          "[broker][adopt][I2]") {
  UnsavedSignIn bench;
  bench.put("LATER", "LATER-R", bench.clock.now());

  bench.clock.advance(10min);

  CHECK(bench.stored_refresh() == "LATER-R");
  CHECK(bench.token() == "LATER");
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("a renewal of an unsaved sign-in finds a later one of another process",
          "[broker][adopt][I2]") {
  UnsavedSignIn bench(15s);
  bench.put("LATER", "LATER-R", bench.clock.now());

  CHECK(bench.token() == "LATER");

  CHECK(bench.http.seen.empty());
  CHECK(bench.stored_refresh() == "LATER-R");
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("an unsaved sign-in goes over what was renewed of an earlier one",
          "[broker][adopt][I2]") {
  UnsavedSignIn bench;
  // The second clock was ahead when that person signed in.
  const auto ago = GENERATE(std::chrono::seconds(1h), std::chrono::seconds(-24h));
  bench.put("OLD-2", "OLD-R2", bench.clock.now() - ago);

  bench.clock.advance(10min);

  CHECK(bench.stored_refresh() == "NEW-R");
  CHECK(bench.token() == "NEW");
}

TEST_CASE("when somebody signed in is stored, and a renewal leaves it", "[broker][adopt]") {
  Bench bench;
  bench.start();
  const WallTime then = std::chrono::floor<std::chrono::seconds>(bench.clock.now());
  bench.adopt(bench.grant("NEW", 15s, "NEW-R"));
  run_until_quiet();
  CHECK(bench.items->grants[kAlice].signed_in_at == then);

  bench.clock.advance(1min);
  bench.http.answer(200, Bench::tokens("NEW-2", "NEW-R2"));
  REQUIRE(bench.token() == "NEW-2");

  CHECK(bench.stored_refresh() == "NEW-R2");
  CHECK(bench.items->grants[kAlice].signed_in_at == then);
}

TEST_CASE("a store that is found to be behind is told of and written though a renewal fails",
          "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  bench.http.answer(200, Bench::tokens("A2", "R2", 60));
  REQUIRE(bench.token() == "A2");
  bench.store.put(bench.grant("A1", -5min));  // A save that was given up came late.
  bench.clock.advance(2min);
  bench.http.fail(make_error(Error::Kind::kTransient, "no network", "offline"));

  REQUIRE(bench.token() == "transient/offline");

  CHECK(bench.broker->losses() == kLost);
  REQUIRE(bench.heard.size() == 1);
  bench.clock.advance(30s);
  CHECK(bench.stored_refresh() == "R2");
  CHECK(bench.heard.back() == "saved");
}

TEST_CASE("a token that the store would not take is not lost at the next renewal",
          "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  REQUIRE(bench.token_unsaved(Bench::tokens("A2")) == "A2");
  bench.http.fail(make_error(Error::Kind::kTransient, "no network", "offline"));
  Asked<AccessToken> asked;
  asked.call = bench.broker->renewed_token(
      kAlice, Protocol::kImap,
      [&](Result<AccessToken> result) { asked.result.emplace(std::move(result)); });
  run_until_quiet();
  REQUIRE(Bench::said(asked) == "transient/offline");

  CHECK(bench.token() == "A2");
}

TEST_CASE("an end that another process wrote down is not hidden by a newer token",
          "[broker][renewal]") {
  Bench bench;
  Grant first = bench.grant("A1", -5min);
  first.received_at = bench.clock.now() - 1h;
  bench.store.put(first);
  bench.start();
  REQUIRE(bench.token_unsaved(Bench::tokens("A2", "", 60)) == "A2");
  bench.saves_fail(std::nullopt);
  bench.clock.advance(1min);
  first.ended_at = bench.clock.now();
  bench.store.put(first);
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "reauthorize/invalid_grant");

  CHECK(bench.items->grants.at(kAlice).ended());
}
