// SPDX-License-Identifier: GPL-3.0-or-later
//
// Taking grants over, and never dropping a rotation (rule I2).
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// A renewal rotated R1 to R2, and the keyring was locked meanwhile.
struct Unsaved : Bench {
  Unsaved() {
    store.put(grant("A1", -5min));
    start();
    first = token_unsaved(tokens("A2", "R2"));
  }
  std::string first;
};

}  // namespace

TEST_CASE("I2: a rotation that the store refuses is served and reported", "[broker][I2]") {
  Unsaved bench;

  CHECK(bench.first == "A2");
  CHECK(bench.heard == std::vector<std::string>{"unsaved locked"});
  CHECK(bench.broker->losses() == kLost);
  CHECK(bench.stored_refresh() == "R1");
}

TEST_CASE("I2: storing is retried, later and later", "[broker][I2]") {
  Unsaved bench;
  const int before = bench.quiet_store.count("save");
  const auto more = [&] { return bench.quiet_store.count("save") - before; };
  bench.clock.advance(30s);
  CHECK(more() == 1);
  bench.clock.advance(59s);
  CHECK(more() == 1);
  bench.clock.advance(1s);
  CHECK(more() == 2);

  bench.quiet_store.save_fails.reset();
  bench.clock.advance(120s);

  CHECK(bench.stored_refresh() == "R2");
  CHECK(bench.heard.back() == "saved");
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("I2: the next renewal uses the rotated token though the store has the old one",
          "[broker][I2]") {
  Unsaved bench;
  bench.clock.advance(2h);
  bench.quiet_store.save_fails.reset();
  bench.http.answer(200, Bench::tokens("A3", "R3"));

  CHECK(bench.token() == "A3");

  CHECK(bench.http.seen.back().body.find("refresh_token=R2") != std::string::npos);
  CHECK(bench.stored_refresh() == "R3");
  CHECK(bench.heard.back() == "saved");
}

TEST_CASE("I2: it renews from memory even while the store cannot be read", "[broker][I2]") {
  Unsaved bench;
  bench.store.load_fails = MemoryStore::locked();
  bench.clock.advance(2h);
  bench.http.answer(200, Bench::tokens("A3", "R3"));

  CHECK(bench.token() == "A3");
  CHECK(bench.broker->losses().size() == 1);
}

TEST_CASE("I2: a sign-in by another process makes an unsaved grant needless", "[broker][I2]") {
  Unsaved bench;
  Grant other = bench.grant("B1", 1h, "S1");
  other.sign_in = "another";
  bench.store.put(other);

  bench.clock.advance(30s);

  CHECK(bench.stored_refresh() == "S1");
  CHECK(bench.broker->losses().empty());
  CHECK(bench.token() == "B1");
}

TEST_CASE("I2: save_now tries at once", "[broker][I2]") {
  Unsaved bench;
  bench.quiet_store.save_fails.reset();

  bench.broker->save_now();
  run_until_quiet();

  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("I2: a damaged item does not keep a rotated token out of the store", "[broker][I2]") {
  Unsaved bench;
  bench.quiet_store.save_fails.reset();
  bench.quiet_store.load_fails = decode_item(kAlice, "{").error();
  bench.broker->save_now();
  run_until_quiet();

  CHECK(bench.stored_refresh() == "R2");
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("a failed save of an unrotated token is nobody's loss", "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();

  CHECK(bench.token_unsaved(Bench::tokens("A2")) == "A2");
  CHECK(bench.heard.empty());
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("a store that never answers a save does not keep the token", "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  const auto asked = bench.ask();
  run_until_quiet();
  bench.quiet_store.silent = true;
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  bench.clock.advance(15s);

  CHECK(Bench::said(*asked) == "A2");
  CHECK(bench.heard == std::vector<std::string>{"unsaved slow"});
}

TEST_CASE("a write that goes on keeps the lock", "[broker][I1][I2]") {
  Bench bench;
  bench.store.writes_for = bench.quiet_store.writes_for = 65s;
  bench.start();
  std::shared_ptr<Asked<AccessToken>> asked;
  std::shared_ptr<Asked<void>> adopted;
  SECTION("of a renewal") {
    bench.store.put(bench.grant("A1", -5min));
    asked = bench.ask();
    run_until_quiet();
    CHECK_FALSE(bench.broker->writing());
    bench.quiet_store.silent_at = "save";
    bench.http.answer(200, Bench::tokens("A2", "R2"));
  }
  SECTION("of a sign-in") {
    bench.quiet_store.silent_at = "save";
    adopted = bench.adopt(bench.grant("A2", 1h, "R2"));
    asked = bench.ask();
  }
  bench.clock.advance(64s);

  CHECK_FALSE(bench.lock_is_free());
  CHECK_FALSE(asked->answered());
  CHECK(bench.broker->writing());

  bench.clock.advance(1s);
  CHECK(bench.lock_is_free());
  CHECK(Bench::said(*asked) == "A2");
  CHECK(bench.heard == std::vector<std::string>{"unsaved slow"});
  CHECK_FALSE(bench.broker->writing());
}

TEST_CASE("I2: a refresh token under way is told, so that nobody ends before its heir is stored",
          "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -1s));
  bench.start();
  CHECK_FALSE(bench.broker->unsettled());

  bench.ask()->call.cancel();
  run_until_quiet();
  CHECK_FALSE(bench.broker->unsettled());  // the one who asked left before anything was sent

  const auto asked = bench.ask();
  run_until_quiet();
  asked->call.cancel();
  CHECK(bench.broker->unsettled());
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  run_until_quiet();

  CHECK_FALSE(bench.broker->unsettled());
  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("an adoption under way is told", "[broker][adopt]") {
  Bench bench;
  bench.start();
  bench.adopt(bench.grant("A1", 1h))->call.cancel();

  CHECK(bench.broker->unsettled());
  run_until_quiet();
  CHECK_FALSE(bench.broker->unsettled());
}

TEST_CASE("an adopted grant is stored and served", "[broker][adopt]") {
  Bench bench;
  bench.start();
  REQUIRE(bench.token() == "reauthorize/no-grant");

  const auto adopted = bench.adopt(bench.grant("A1", 1h));
  run_until_quiet();

  CHECK(Bench::said(*adopted) == "done");
  CHECK(bench.signed_in == std::vector<GrantKey>{kAlice});
  CHECK(bench.stored_refresh() == "R1");
  CHECK(bench.token() == "A1");
}

TEST_CASE("an adopted grant ends the need for a sign-in", "[broker][adopt]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  bench.refuse("invalid_grant");
  REQUIRE(bench.token() == "reauthorize/invalid_grant");

  bench.adopt(bench.grant("B1", 1h, "S1"));
  run_until_quiet();

  CHECK(bench.token() == "B1");
}

TEST_CASE("adoption waits for the renewal in flight, and wins", "[broker][adopt]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  const auto asked = bench.ask();
  run_until_quiet();
  const auto adopted = bench.adopt(bench.grant("B1", 1h, "S1"));
  run_until_quiet();
  CHECK_FALSE(adopted->answered());

  bench.http.answer(200, Bench::tokens("A2", "R2"));
  bench.clock.advance(1s);

  CHECK(Bench::said(*asked) == "A2");
  CHECK(Bench::said(*adopted) == "done");
  CHECK(bench.stored_refresh() == "S1");
  CHECK(bench.token() == "B1");
}

TEST_CASE("adoption serves those who wait for a renewal that waits for the lock",
          "[broker][adopt]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  auto other = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE((other && *other));
  bench.adopt(bench.grant("B1", 1h, "S1"));
  const auto asked = bench.ask();
  run_until_quiet();

  other->reset();
  bench.clock.advance(1s);

  CHECK(Bench::said(*asked) == "B1");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("an adopted grant that cannot be stored is kept, said and retried", "[broker][adopt]") {
  Bench bench;
  bench.start();
  bench.saves_fail(MemoryStore::locked());
  const auto adopted = bench.adopt(bench.grant("A1", 1h));
  run_until_quiet();

  CHECK(Bench::said(*adopted) == "storage/locked");
  CHECK(bench.token() == "A1");
  CHECK(bench.broker->losses().size() == 1);
  bench.saves_fail(std::nullopt);
  bench.clock.advance(30s);
  CHECK(bench.stored_refresh() == "R1");
}

TEST_CASE("an adopted grant is kept though no lock can be had", "[broker][adopt]") {
  Bench bench;
  bench.folder.write("lock", "a file is in its place");
  bench.start();
  const auto adopted = bench.adopt(bench.grant("A1", 1h));
  run_until_quiet();

  CHECK(Bench::said(*adopted) == "storage/lock-folder");
  CHECK(bench.token() == "A1");
}

TEST_CASE("an adoption goes on when its caller leaves", "[broker][adopt]") {
  Bench bench;
  bench.start();
  bench.adopt(bench.grant("A1", 1h))->call.cancel();
  run_until_quiet();

  CHECK(bench.stored_refresh() == "R1");
}

TEST_CASE("a grant is stored again as it is read", "[broker][store_again]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.start();

  const auto moved = bench.store_again();
  run_until_quiet();

  CHECK(Bench::said(*moved) == "done");
  CHECK(bench.quiet_store.asked == std::vector<std::string>{"load", "save"});
  CHECK(bench.store.asked.empty());  // nobody had to be asked
  CHECK(bench.http.seen.empty());
}

TEST_CASE("storing again waits for whoever has the grant's lock", "[broker][store_again]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.start();
  std::optional<LockFile> other = *LockFile::try_take(bench.lock_folder(), kAlice);

  const auto moved = bench.store_again();
  run_until_quiet();
  CHECK(bench.quiet_store.asked.empty());

  other.reset();
  bench.clock.advance(1s);
  CHECK(Bench::said(*moved) == "done");
}

TEST_CASE("storing again tells what the store says", "[broker][store_again]") {
  Bench bench;
  bench.start();
  const auto nothing = bench.store_again();
  run_until_quiet();
  CHECK(Bench::said(*nothing) == "done");
  CHECK(bench.quiet_store.count("save") == 0);

  bench.store.put(bench.grant("A1", 1h));
  bench.saves_fail(MemoryStore::locked());
  const auto unsaved = bench.store_again();
  run_until_quiet();
  CHECK(Bench::said(*unsaved) == "storage/locked");
  CHECK(bench.broker->losses().empty());

  bench.loads_fail(MemoryStore::locked());
  const auto unread = bench.store_again();
  run_until_quiet();
  CHECK(Bench::said(*unread) == "storage/locked");
}

TEST_CASE("what is only in memory is not written over with what is stored",
          "[broker][store_again]") {
  Unsaved bench;
  bench.store.save_fails.reset();
  bench.quiet_store.save_fails.reset();
  const auto moved = bench.store_again();
  run_until_quiet();
  bench.clock.advance(1s);

  CHECK(Bench::said(*moved) == "storage/locked");
  CHECK(bench.stored_refresh() == "R2");
  CHECK(bench.broker->losses().empty());
}
