// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/lock_wait.h"

#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("take_lock waits until the lock is free", "[lock]") {
  Bench bench;
  auto held = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE((held && *held));
  bool taken = false;
  const Call call = take_lock(bench.clock, bench.lock_folder(), kAlice, 30s,
                              [&](Result<LockFile> lock) { taken = lock.has_value(); });

  bench.clock.advance(20s);
  CHECK_FALSE(taken);
  held->reset();
  bench.clock.advance(kLockPause);

  CHECK(taken);
}

TEST_CASE("a dropped take_lock holds nothing and calls nobody", "[lock]") {
  Bench bench;
  bool called = false;
  {
    const Call call = take_lock(bench.clock, bench.lock_folder(), kAlice, 30s,
                                [&](Result<LockFile>) { called = true; });
  }
  bench.clock.advance(40s);

  CHECK_FALSE(called);
  CHECK(bench.lock_is_free());
}

TEST_CASE("who waits for the slowest renewal that is well is not told that it takes too long",
          "[broker][renewal][I1]") {
  Expired bench;
  Provider confidential = contoso();
  confidential.client_secret = Presence::kOptional;
  bench.provider = confidential;
  bench.proves_store = true;
  bench.start();
  bench.quiet_store.silent = true;
  const auto first = bench.ask();
  run_until_quiet();
  REQUIRE_FALSE(bench.lock_is_free());
  MemoryStore same{bench.items};
  const BrokerParts parts = bench.parts();
  Broker other({parts.http, same, nullptr, parts.clock, parts.lock_folder, parts.provider_of,
                parts.jitter, false});
  Asked<AccessToken> second;
  second.call = other.token(kAlice, Protocol::kImap, [&](Result<AccessToken> result) {
    second.result.emplace(std::move(result));
  });

  for (const char* step : {"load", "load secret", "prove place"}) {
    CHECK(bench.quiet_store.asked.back() == step);
    bench.clock.advance(kStoreLimit - 1s);
    bench.quiet_store.answer_now();
    run_until_quiet();
  }
  bench.clock.advance(kRequestLimit - 1s);
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  run_until_quiet();
  CHECK(bench.quiet_store.asked.back() == "save");
  bench.clock.advance(kStoreLimit - 1s);
  bench.quiet_store.answer_now();
  bench.clock.advance(1s);

  CHECK(Bench::said(*first) == "A2");
  CHECK(Bench::said(second) == "A2");
  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("a lock that is held for longer than any renewal takes is a transient failure",
          "[broker][renewal][I1]") {
  const auto [writes, seconds] = GENERATE(table<int, int>({
      {0, 90}, {65, 140},  // a store whose command may take that long to write
  }));
  const std::chrono::seconds limit(seconds);
  Expired bench;
  bench.quiet_store.writes_for = std::chrono::seconds(writes);
  const auto other = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE((other && *other));

  const auto asked = bench.ask();
  bench.clock.advance(limit - 1s);
  CHECK_FALSE(asked->answered());
  bench.clock.advance(2s);

  CHECK(Bench::said(*asked) == "transient/lock-held");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("no lock folder: nothing is renewed", "[broker][renewal][I1]") {
  Expired bench;
  bench.folder.write("lock", "a file is in its place");

  CHECK(bench.token() == "storage/lock-folder");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("a keyring that does not answer under the lock does not hold it for ever",
          "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 5min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(6min);
  bench.quiet_store.silent = true;

  const auto asked = bench.ask();
  bench.clock.advance(20s);

  CHECK(Bench::said(*asked) == "storage/slow");
  CHECK(bench.lock_is_free());
}
