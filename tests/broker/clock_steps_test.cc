// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody sets the wall clock, at every state of the broker and of a save: nobody waits longer or
// shorter for it.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

std::chrono::hours any_step() { return GENERATE(as<std::chrono::hours>{}, 2h, -2h, 8760h, -8760h); }

}  // namespace

TEST_CASE("an account whose renewal failed is tried again in time though the clock was set",
          "[broker][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  Bench bench;
  bench.ahead = true;
  bench.store.put(bench.grant("", -5min));
  bench.start();
  bench.http.fail(make_error(Error::Kind::kTransient, "no network", "offline"));
  REQUIRE(bench.token() == "transient/offline");

  bench.clock.step(step);
  CHECK(bench.token() == "transient/offline");
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  bench.clock.advance(6s);

  CHECK(bench.http.seen.size() == 2);  // unasked
  CHECK(bench.token() == "A2");
}

TEST_CASE("a refused request waits its minute though the clock was set", "[broker][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  Bench bench;
  bench.store.put(bench.grant("", -5min));
  bench.start();
  bench.refuse("access_denied");
  REQUIRE(bench.token() == "refused/access_denied");

  bench.clock.step(step);
  bench.clock.advance(59s);
  CHECK(bench.token() == "refused/access_denied");
  CHECK(bench.http.seen.size() == 1);
  bench.clock.advance(1s);
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  CHECK(bench.token() == "A2");
}

TEST_CASE("the keyring's question comes again after its minute though the clock was set",
          "[broker][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  Bench bench;
  bench.loads_fail(MemoryStore::locked());
  bench.start();
  REQUIRE(bench.token() == "storage/locked");

  bench.clock.step(step);
  CHECK(bench.token() == "storage/locked");
  CHECK(bench.store.count("load") == 1);
  bench.clock.advance(61s);
  CHECK(bench.token() == "storage/locked");
  CHECK(bench.store.count("load") == 2);
}

TEST_CASE("a refusal forces a renewal after an hour though the clock was set", "[broker][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  constexpr int kLife = 3 * 365 * 86'400;  // its end is no question whatever the step
  Bench bench;
  bench.store.put(bench.grant("A1", 2h));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.broker->refused(kAlice, "A1");
  bench.http.answer(200, Bench::tokens("A2", "R2", kLife));
  REQUIRE(bench.token() == "A2");

  bench.clock.step(step);
  const bool back = step < 0h;  // a token that came later than now is renewed, which is not forced
  const std::string held = back ? "A3" : "A2";
  if (back) bench.http.answer(200, Bench::tokens("A3", "R3", kLife));
  REQUIRE(bench.token() == held);

  bench.clock.advance(59min);
  bench.broker->refused(kAlice, held);
  CHECK(bench.token() == held);
  bench.clock.advance(1min);
  bench.broker->refused(kAlice, held);
  bench.http.answer(200, Bench::tokens("A4", "R4", kLife));
  CHECK(bench.token() == "A4");
}

TEST_CASE("a token is renewed ahead in time though the clock was set", "[broker][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  Bench bench;
  bench.ahead = true;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  REQUIRE(bench.token() == "A1");

  bench.clock.step(step);
  bench.clock.advance(25min - 1s);
  CHECK(bench.http.seen.empty());
  bench.clock.advance(1s);
  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("what is unsaved is saved in time though the clock was set", "[broker][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  Bench bench;
  bench.start();
  bench.saves_fail(MemoryStore::locked());
  bench.adopt(bench.grant("A1", 1h));
  run_until_quiet();
  bench.saves_fail(std::nullopt);

  bench.clock.step(step);
  bench.clock.advance(29s);
  CHECK(bench.stored_refresh().empty());
  bench.clock.advance(1s);
  CHECK(bench.stored_refresh() == "R1");
}

TEST_CASE("what is under way ends in time though the clock was set", "[broker][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  Bench bench;
  bench.store.put(bench.grant("", -5min));
  bench.start();
  auto other = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE((other && *other));
  const auto asked = bench.ask();
  bench.clock.advance(30s);
  bench.clock.step(step);
  CHECK_FALSE(asked->answered());
  bench.clock.advance(61s);
  CHECK(Bench::said(*asked) == "transient/lock-held");

  other->reset();
  bench.quiet_store.silent = true;
  const auto adopted = bench.adopt(bench.grant("B1", 1h, "S1"));
  bench.clock.advance(20s);
  bench.clock.step(step);
  CHECK_FALSE(adopted->answered());
  bench.clock.advance(10s);
  CHECK(Bench::said(*adopted) == "storage/slow");
}

TEST_CASE("a machine that was suspended tries again at once when its time is over",
          "[broker][clock]") {
  Bench bench;
  bench.ahead = true;
  bench.store.put(bench.grant("", -5min));
  bench.start();
  bench.refuse("temporarily_unavailable", 503, {{"retry-after", "3000"}});
  REQUIRE(bench.token() == "transient/temporarily_unavailable");

  bench.clock.suspend(1h);
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  CHECK(bench.token() == "A2");
}

TEST_CASE("a question that nobody answered is taken back after a night in which all was suspended",
          "[broker][clock]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(1min);
  bench.quiet_store.load_fails = bench.quiet_store.save_fails = MemoryStore::locked();
  bench.store.silent = true;
  std::shared_ptr<Asked<AccessToken>> asked;
  std::shared_ptr<Asked<void>> adopted;
  SECTION("to renew") { asked = bench.ask(); }
  SECTION("to sign in") { adopted = bench.adopt(bench.grant("B1", 1h, "S1")); }
  run_until_quiet();
  REQUIRE(bench.store.waited_for());

  bench.clock.suspend(8h);
  bench.clock.advance(kBeat);

  CHECK_FALSE(bench.store.waited_for());
}
