// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sign-ins that cannot be stored at once, and what others do meanwhile: none is lost, and none
// holds the lock for long.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

Error disk_full() { return make_error(Error::Kind::kStorage, "No space left.", "full"); }

/// Alice's old sign-in is in the store, and another process knows it, too.
struct SignedInBefore : Bench {
  SignedInBefore() {
    store.put(grant("OLD", 1h, "OLD-R"));
    start();
  }
};

}  // namespace

TEST_CASE("a sign-in whose first save fails is not thrown away for the one before it",
          "[broker][adopt][I2]") {
  SignedInBefore bench;
  bench.saves_fail(disk_full());
  const auto adopted = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();
  REQUIRE(Bench::said(*adopted) == "storage/full");

  bench.saves_fail(std::nullopt);
  bench.clock.advance(30s);

  CHECK(bench.stored_refresh() == "NEW-R");
  CHECK(bench.heard == std::vector<std::string>{"unsaved full", "saved"});
  CHECK(bench.token() == "NEW");
}

TEST_CASE("an unsaved sign-in is renewed by its own refresh token and not by the stored one",
          "[broker][adopt][I2]") {
  SignedInBefore bench;
  bench.saves_fail(disk_full());
  bench.adopt(bench.grant("NEW", 15s, "NEW-R"));
  run_until_quiet();
  bench.clock.advance(10s);
  bench.http.answer(200, Bench::tokens("NEW-2", "NEW-R2"));

  CHECK(bench.token() == "NEW-2");
  CHECK(bench.sent_last().find("refresh_token=NEW-R&") != std::string::npos);
}

TEST_CASE("a sign-in goes over what was renewed of the one before it while it had no lock",
          "[broker][adopt][I2]") {
  SignedInBefore bench;
  auto other = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE((other && *other));
  const auto adopted = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  bench.clock.advance(91s);
  REQUIRE(Bench::said(*adopted) == "storage/lock-held");

  bench.store.put(bench.grant("OLD-2", 1h, "OLD-R2"));
  other->reset();
  bench.clock.advance(30s);

  CHECK(bench.stored_refresh() == "NEW-R");
  CHECK(bench.token() == "NEW");
}

TEST_CASE("a sign-in goes over what could not be read when it came", "[broker][adopt][I2]") {
  SignedInBefore bench;
  bench.loads_fail(disk_full());
  bench.saves_fail(disk_full());
  bench.adopt(bench.grant("NEW", 15s, "NEW-R"));
  run_until_quiet();
  bench.loads_fail(std::nullopt);

  bench.clock.advance(10s);  // The first to read it is a renewal.
  bench.http.answer(200, Bench::tokens("NEW-2", "NEW-R2"));
  CHECK(bench.token() == "NEW-2");
  CHECK(bench.sent_last().find("refresh_token=NEW-R&") != std::string::npos);

  bench.saves_fail(std::nullopt);
  bench.clock.advance(5min);
  CHECK(bench.stored_refresh() == "NEW-R2");
}

TEST_CASE("an unsaved sign-in goes over what another process renewed meanwhile of the one before",
          "[broker][adopt][I2]") {
  SignedInBefore bench;
  bench.saves_fail(disk_full());
  bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();
  bench.store.put(bench.grant("OLD-2", 1h, "OLD-R2"));

  bench.saves_fail(std::nullopt);
  bench.clock.advance(30s);

  CHECK(bench.stored_refresh() == "NEW-R");
  CHECK(bench.token() == "NEW");
}

TEST_CASE("a sign-in that cannot be stored is tried again soon though an older one failed for long",
          "[broker][adopt][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  REQUIRE(bench.token_unsaved(Bench::tokens("A2", "R2")) == "A2");
  bench.clock.advance(1h);
  bench.adopt(bench.grant("B1", 1h, "S1"));
  run_until_quiet();
  bench.saves_fail(std::nullopt);

  bench.clock.advance(30s);

  CHECK(bench.stored_refresh() == "S1");
}

TEST_CASE("an unsaved sign-in that has ended makes room for the one that is stored",
          "[broker][adopt][I2]") {
  SignedInBefore bench;
  bench.saves_fail(disk_full());
  bench.adopt(bench.grant("NEW", -1s, "NEW-R"));
  run_until_quiet();
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "OLD");
  CHECK(bench.broker->losses().empty());
}

TEST_CASE("a token asked for while a sign-in is being saved does not delete the sign-in",
          "[broker][adopt][I3]") {
  Bench bench;
  bench.start();
  bench.saves_fail(MemoryStore::locked());
  const auto adopted = bench.adopt(bench.grant("", -1s, "NEW-R"));
  bench.run_until_asked("save");
  const auto asked = bench.ask();
  run_until_quiet();

  CHECK(Bench::said(*adopted) == "storage/locked");
  CHECK(bench.broker->losses() == kLost);
  CHECK(bench.heard == std::vector<std::string>{"unsaved locked"});
  REQUIRE(bench.http.open() == 1);
  CHECK(bench.sent_last().find("refresh_token=NEW-R&") != std::string::npos);
  bench.http.answer(200, Bench::tokens("NEW-2", "NEW-R2"));
  run_until_quiet();
  CHECK(Bench::said(*asked) == "NEW-2");
}

TEST_CASE("a renewal ahead that is due while a sign-in is being saved does not delete the sign-in",
          "[broker][adopt][I3]") {
  Bench bench;
  bench.ahead = true;
  bench.store.put(bench.grant("OLD", 10min, "OLD-R"));
  bench.start();
  REQUIRE(bench.token() == "OLD");
  bench.saves_fail(disk_full());
  bench.quiet_store.silent_at = "save";
  bench.clock.advance(5min - 5s);
  const auto adopted = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  bench.clock.advance(20s);  // The old one's time to be renewed is over, and the save gave up.

  CHECK(Bench::said(*adopted) == "storage/slow");
  CHECK(bench.http.seen.empty());
  CHECK(bench.token() == "NEW");
  bench.quiet_store.silent_at.clear();
  bench.saves_fail(std::nullopt);
  bench.clock.advance(30s);
  CHECK(bench.stored_refresh() == "NEW-R");
}

TEST_CASE("who asks while somebody signs in is not told to sign in", "[broker][adopt]") {
  Bench bench;
  bench.start();
  bench.quiet_store.silent_at = "save";
  bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();
  const auto asked = bench.ask();
  run_until_quiet();
  CHECK_FALSE(asked->answered());

  bench.clock.advance(15s);

  CHECK(Bench::said(*asked) == "NEW");
}

TEST_CASE("a sign-in that is not stored yet counts as unsaved", "[broker][adopt][I2]") {
  Bench bench;
  bench.start();
  bench.quiet_store.silent_at = "save";
  bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  run_until_quiet();

  CHECK(bench.broker->losses() == kLost);
}

TEST_CASE("a rotated refresh token that is not stored yet counts as unsaved", "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -1s));
  bench.start();
  const auto asked = bench.ask();
  run_until_quiet();
  CHECK(bench.broker->losses() == kMayBeLost);
  bench.quiet_store.silent_at = "save";
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  run_until_quiet();

  CHECK_FALSE(asked->answered());
  CHECK(bench.broker->losses() == kLost);
}

TEST_CASE("a save that comes late is not taken for a newer grant", "[broker][I2]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -1s));
  bench.start();
  bench.http.answer(200, Bench::tokens("A2", "R2", 60));
  REQUIRE(bench.token() == "A2");
  bench.store.put(bench.grant("A1", -1s));  // what was given up came after all

  bench.clock.advance(1min);
  bench.http.answer(200, Bench::tokens("A3", "R3"));
  CHECK(bench.token() == "A3");

  CHECK(bench.sent_last().find("refresh_token=R2&") != std::string::npos);
  CHECK(bench.stored_refresh() == "R3");
}

TEST_CASE("a keyring that is locked keeps nobody from the lock while a person is asked",
          "[broker][lock-limit]") {
  const auto what = GENERATE(as<std::string>{}, "sign-in", "sign-out", "move");
  CAPTURE(what);
  SignedInBefore bench;
  bench.quiet_store.load_fails = bench.quiet_store.save_fails = MemoryStore::locked();
  bench.store.silent = true;  // the question is on the screen, and the person is away
  std::shared_ptr<Asked<void>> changed;
  std::shared_ptr<Asked<std::vector<Grant>>> given;
  if (what == "sign-in") changed = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  if (what == "move") changed = bench.store_again();
  if (what == "sign-out") given = bench.give_up();
  run_until_quiet();

  CHECK(bench.store.asked.size() == 1);
  CHECK(bench.lock_is_free());
  CHECK_FALSE((changed ? changed->answered() : given->answered()));
  bench.clock.advance(2min);
  CHECK((changed ? Bench::said(*changed) : Bench::said(*given)) == "storage/locked");
  CHECK_FALSE(bench.broker->unsettled());
}

TEST_CASE("a keyring that a person unlocks meanwhile gets the sign-in", "[broker][lock-limit]") {
  SignedInBefore bench;
  bench.quiet_store.load_fails = bench.quiet_store.save_fails = MemoryStore::locked();
  const auto adopted = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  while (bench.store.asked.empty()) g_main_context_iteration(nullptr, FALSE);
  CHECK(bench.lock_is_free());
  bench.loads_fail(std::nullopt);
  bench.saves_fail(std::nullopt);
  run_until_quiet();

  CHECK(Bench::said(*adopted) == "done");
  CHECK(bench.store.asked == std::vector<std::string>{"prove"});
  CHECK(bench.stored_refresh() == "NEW-R");
  CHECK(bench.heard.empty());
}

TEST_CASE("a store that never answers holds the lock for seconds only", "[broker][lock-limit]") {
  const auto what = GENERATE(as<std::string>{}, "sign-in", "sign-out", "move");
  const auto silent_at = GENERATE(as<std::string>{}, "load", "save", "erase");
  CAPTURE(what, silent_at);
  SignedInBefore bench;
  bench.store.silent_at = bench.quiet_store.silent_at = silent_at;
  std::shared_ptr<Asked<void>> changed;
  if (what == "sign-in") changed = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  if (what == "move") changed = bench.store_again();
  std::shared_ptr<Asked<std::vector<Grant>>> given;
  if (what == "sign-out") given = bench.give_up();
  bench.clock.advance(30s);

  CHECK(bench.lock_is_free());
  CHECK_FALSE(bench.broker->unsettled());
  CHECK((changed ? changed->answered() : given->answered()));
}

TEST_CASE("in a command a question that the person left open is not put again under the lock",
          "[broker][lock-limit]") {
  const auto what = GENERATE(as<std::string>{}, "sign-in", "sign-out", "move");
  const bool dismissed = GENERATE(true, false);
  CAPTURE(what, dismissed);
  Bench bench;
  bench.keeps_quiet = false;
  bench.store.put(bench.grant("OLD", 1h, "OLD-R"));
  bench.start();
  if (dismissed) bench.loads_fail(MemoryStore::locked());
  if (!dismissed) bench.store.silent_at = "load";
  std::shared_ptr<Asked<void>> changed;
  if (what == "sign-in") changed = bench.adopt(bench.grant("NEW", 1h, "NEW-R"));
  if (what == "move") changed = bench.store_again();
  std::shared_ptr<Asked<std::vector<Grant>>> given;
  if (what == "sign-out") given = bench.give_up();
  bench.clock.advance(dismissed ? 0s : 2min);

  CHECK(bench.store.asked == std::vector<std::string>{"load"});
  CHECK((changed ? Bench::said(*changed) : Bench::said(*given)) ==
        (dismissed ? "storage/locked" : "storage/slow"));
  CHECK(bench.lock_is_free());
}

TEST_CASE("a move asks for what holds the grant, and then for where it goes",
          "[broker][lock-limit][store_again]") {
  SignedInBefore bench;
  bench.quiet_store.load_fails = bench.quiet_store.save_fails = MemoryStore::locked();
  const auto moved = bench.store_again();
  while (bench.store.asked.empty()) g_main_context_iteration(nullptr, FALSE);
  bench.quiet_store.load_fails.reset();
  while (bench.store.asked.size() == 1) g_main_context_iteration(nullptr, FALSE);
  bench.quiet_store.save_fails.reset();
  run_until_quiet();

  CHECK(bench.store.asked == std::vector<std::string>{"load", "prove"});
  CHECK(Bench::said(*moved) == "done");
}
