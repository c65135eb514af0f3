// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signing out: what is erased, and which refresh tokens are handed out to be revoked.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("a grant given up is erased and handed out for revocation", "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.start();
  REQUIRE(bench.token() == "A1");

  CHECK(bench.given_up() == std::vector<std::string>{"R1"});

  CHECK(bench.items->grants.empty());
  CHECK(bench.token() == "reauthorize/no-grant");
}

TEST_CASE("a damaged item can be given up", "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.loads_fail(decode_item(kAlice, "{").error());
  bench.start();

  CHECK(bench.given_up() == std::vector<std::string>{""});

  CHECK(bench.items->grants.empty());
}

TEST_CASE("giving up what is not there is an error", "[broker][give_up]") {
  Bench bench;
  bench.start();

  CHECK(bench.given_up() == std::vector<std::string>{"config/no-grant"});
}

TEST_CASE("a store that cannot be read or erased gives nothing up", "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.start();
  bench.loads_fail(MemoryStore::locked());
  CHECK(bench.given_up() == std::vector<std::string>{"storage/locked"});

  bench.loads_fail(std::nullopt);
  bench.saves_fail(MemoryStore::locked());
  CHECK(bench.given_up() == std::vector<std::string>{"storage/locked"});
  CHECK(bench.token() == "A1");
}

TEST_CASE("giving up an unsaved grant hands out the newest token", "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  REQUIRE(bench.token_unsaved(Bench::tokens("A2", "R2")) == "A2");
  bench.saves_fail(std::nullopt);
  SECTION("whose item can be read") {}
  SECTION("whose item is damaged") { bench.loads_fail(decode_item(kAlice, "{").error()); }

  CHECK(bench.given_up() == std::vector<std::string>{"R2"});

  CHECK(bench.broker->losses().empty());
}

TEST_CASE("giving up stops when its caller leaves in time", "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.start();
  bench.give_up()->call.cancel();
  run_until_quiet();

  CHECK(bench.stored_refresh() == "R1");
}

TEST_CASE("a sign-out that is called off before anything is erased keeps nobody waiting",
          "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.store.silent_at = bench.quiet_store.silent_at = GENERATE("load", "erase");
  const bool erasing = bench.store.silent_at == "erase";
  bench.start();
  Call call = bench.broker->give_up(kAlice, [](const Result<std::vector<Grant>>&) {});
  run_until_quiet();
  CHECK(bench.broker->unsettled());

  call.cancel();

  CHECK(bench.broker->unsettled() == erasing);
}

TEST_CASE("a sign-out that is called off takes the keyring's question back", "[broker][give_up]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1h));
  bench.quiet_store.load_fails = MemoryStore::locked();
  bench.store.silent = true;
  bench.start();
  Call call = bench.broker->give_up(kAlice, [](const Result<std::vector<Grant>>&) {});
  run_until_quiet();
  REQUIRE(bench.store.waited_for());

  call.cancel();

  CHECK_FALSE(bench.store.waited_for());
  bench.quiet_store.load_fails.reset();
  bench.store.silent = false;
  CHECK(bench.token() == "A1");
}
