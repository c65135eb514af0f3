// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of two grants is the newer one, whoever stored it and whatever the clocks say; and that
// nobody is asked anything while others wait for the lock.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

Error full() { return make_error(Error::Kind::kStorage, "", "full"); }

/// R2 is in memory, and R1 in the store, which would not take it.
struct Rotated : Bench {
  Rotated() {
    store.put(grant("A1", -5min));
    start();
    REQUIRE(token_unsaved(tokens("A2", "R2", 3600)) == "A2");
  }
};

}  // namespace

TEST_CASE("what another process renewed of an unsaved sign-in is not written over",
          "[broker][adopt][I2]") {
  Bench bench;
  bench.start();
  bench.saves_fail(full());
  bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();
  bench.saves_fail(std::nullopt);
  bench.quiet_store.silent_at = "save";  // It lands, and nobody hears of it.
  bench.clock.advance(30s);
  REQUIRE(bench.quiet_store.given.has_value());
  Grant renewed = bench.quiet_store.given->duplicate();
  renewed.refresh_token = RefreshToken(Secret("NEW-R2"));
  renewed.access_token = AccessToken(Secret("NEW-2"));
  ++renewed.renewals;
  bench.store.put(renewed);
  bench.clock.advance(15s);
  bench.quiet_store.silent_at.clear();

  bench.clock.advance(10min);

  CHECK(bench.stored_refresh() == "NEW-R2");
  CHECK(bench.token() == "NEW-2");
  CHECK(bench.broker->losses().empty());
}

TEST_CASE(
    "an unsaved sign-in that is renewed while the store cannot be read goes over no later one",
    "[broker][adopt][I1]") {
  Bench bench;
  bench.start();
  bench.loads_fail(MemoryStore::locked());
  bench.saves_fail(MemoryStore::locked());
  bench.adopt(bench.grant("NEW", 15s, "NEW-R"));
  run_until_quiet();
  bench.clock.advance(5s);
  Grant later = bench.grant("LATER", 1h, "LATER-R");
  later.sign_in = "later";
  later.signed_in_at = bench.clock.now();
  bench.store.put(later);
  bench.clock.advance(5s);
  const auto asked = bench.ask();
  run_until_quiet();
  REQUIRE(bench.http.open() == 1);

  bench.loads_fail(std::nullopt);
  bench.saves_fail(std::nullopt);
  bench.http.answer(200, Bench::tokens("NEW-2", "NEW-R2"));
  run_until_quiet();

  CHECK(bench.stored_refresh() == "LATER-R");
  CHECK(Bench::said(*asked) == "LATER");
}

TEST_CASE("an unsaved sign-in gives way to no older one when the clock has passed that one's time",
          "[broker][adopt][clock]") {
  Bench bench;
  Grant old = bench.grant("OLD", 1h, "OLD-R");
  old.sign_in = "old";
  old.signed_in_at = bench.clock.now();
  bench.store.put(old);
  bench.start();
  bench.clock.step(-2h);
  bench.saves_fail(full());
  bench.adopt(bench.grant("NEW", 12h, "NEW-R"));
  run_until_quiet();
  bench.clock.advance(125min);
  Grant renewed = bench.grant("OLD-2", 12h, "OLD-R2");  // By another process.
  renewed.sign_in = "old";
  renewed.renewals = 1;
  renewed.signed_in_at = old.signed_in_at;
  bench.store.put(renewed);

  bench.saves_fail(std::nullopt);
  bench.clock.advance(10min);

  CHECK(bench.stored_refresh() == "NEW-R");
  CHECK(bench.token() == "NEW");
}

TEST_CASE("a sign-out by another process is not undone by who has something to save",
          "[broker][sign-out]") {
  Rotated bench;
  bench.items->grants.clear();

  bench.saves_fail(std::nullopt);
  bench.clock.advance(30s);

  CHECK(bench.stored_refresh().empty());
  CHECK(bench.token() == "reauthorize/no-grant");
  CHECK(bench.heard.back() == "needs sign-in no-grant");
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("a sign-in that no store has had is saved although nothing stands there",
          "[broker][adopt][I2]") {
  Bench bench;
  bench.start();
  bench.saves_fail(full());
  bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();

  bench.saves_fail(std::nullopt);
  bench.clock.advance(30s);

  CHECK(bench.stored_refresh() == "NEW-R");
}

TEST_CASE("a renewal that has to ask the person asks them without the lock, and goes on",
          "[broker][lock-limit]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 5min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(6min);
  bench.quiet_store.load_fails = MemoryStore::locked();
  bench.store.silent_at = "load";

  const auto asked = bench.ask();
  run_until_quiet();

  REQUIRE(bench.store.count("load") == 2);
  CHECK(bench.lock_is_free());
  bench.clock.advance(1min);
  CHECK_FALSE(asked->answered());

  SECTION("they unlock it") {
    bench.store.silent_at.clear();
    bench.quiet_store.load_fails.reset();
    bench.http.answer(200, Bench::tokens("A2", "R2"));
    bench.store.answer_now();
    run_until_quiet();
    CHECK(Bench::said(*asked) == "A2");
  }
  SECTION("nobody is there, and they are not asked again for a while") {
    bench.clock.advance(1min);
    CHECK(Bench::said(*asked) == "storage/locked");
    CHECK(bench.token() == "storage/locked");
    CHECK(bench.store.count("load") == 2);
  }
}

TEST_CASE("who is just signing in is not told to sign in", "[broker][adopt]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  const auto asked = bench.ask();
  run_until_quiet();
  bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();

  bench.refuse("invalid_grant");
  bench.clock.advance(1s);

  CHECK(Bench::said(*asked) == "NEW");
  CHECK(bench.heard.empty());
}

TEST_CASE("nobody is told that a sign-in is saved that no store has", "[broker][adopt]") {
  Bench bench;
  bench.start();
  bench.saves_fail(MemoryStore::locked());
  bench.adopt(bench.grant("NEW", -1s, "NEW-R"));
  run_until_quiet();
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "reauthorize/invalid_grant");
  CHECK(bench.heard == std::vector<std::string>{"unsaved locked", "needs sign-in invalid_grant"});
}

TEST_CASE("whoever is there is asked to unlock the place where a renewed sign-in goes",
          "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -1s));
  bench.quiet_store.save_fails = MemoryStore::locked();
  bench.store.silent_at = "prove";  // the question is on the screen
  bench.start();
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  CHECK(bench.token() == "A2");
  CHECK(bench.store.waited_for());
  CHECK(bench.lock_is_free());
  bench.quiet_store.save_fails.reset();
  bench.store.answer_now();
  run_until_quiet();

  CHECK(bench.stored_refresh() == "R2");
  CHECK(bench.heard == std::vector<std::string>{"unsaved locked", "saved"});
}

TEST_CASE("a try to save that put no question keeps nobody from the keyring's", "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -1s));
  bench.quiet_store.save_fails = MemoryStore::locked();
  bench.quiet_store.on_save = [&] {
    bench.quiet_store.load_fails = make_error(Error::Kind::kStorage, "", "no-service");
  };
  bench.start();
  bench.http.answer(200, Bench::tokens("A2", "R2", 20));
  REQUIRE(bench.token() == "A2");
  REQUIRE(bench.store.asked == std::vector<std::string>{"load"});
  bench.quiet_store.load_fails = MemoryStore::locked();
  bench.clock.advance(15s);

  const auto asked = bench.ask();
  run_until_quiet();

  CHECK(bench.store.asked == std::vector<std::string>{"load", "load", "load"});
}

TEST_CASE("what a store says after it was unlocked is the cause that is told", "[broker][adopt]") {
  Bench bench;
  bench.start();
  bench.quiet_store.save_fails = MemoryStore::locked();
  bench.store.save_fails = full();

  const auto adopted = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();

  CHECK(Bench::said(*adopted) == "storage/full");
}

TEST_CASE("a token whose end another process wrote down is not handed out by who had to save",
          "[broker][I2]") {
  Rotated bench;
  Grant ended = bench.grant("B1", 1h, "S1");
  ended.sign_in = "another";
  ended.received_at = ended.ended_at = bench.clock.now();
  bench.store.put(ended);
  bench.saves_fail(std::nullopt);
  bench.clock.advance(30s);

  const auto asked = bench.ask();
  run_until_quiet();

  CHECK(bench.http.open() == 1);
  CHECK_FALSE(asked->answered());
}
