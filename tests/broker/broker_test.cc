// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/broker.h"

#include "broker/bench.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("a fresh token comes from the store and asks nobody", "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();

  CHECK(bench.token() == "A1");
  CHECK(bench.token() == "A1");

  CHECK(bench.http_made == 0);
  CHECK(bench.store.asked == std::vector<std::string>{"load"});  // the second came from memory
}

TEST_CASE("an answer never comes from inside the call", "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  REQUIRE(bench.token() == "A1");

  const auto asked = bench.ask();

  CHECK_FALSE(asked->answered());
  run_until_quiet();
  CHECK(asked->answered());
}

TEST_CASE("who drops the call is not called", "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();

  const auto before = bench.ask();
  before->call.cancel();
  run_until_quiet();
  const auto answered_already = bench.ask();
  answered_already->call.cancel();
  run_until_quiet();

  CHECK_FALSE(before->answered());
  CHECK_FALSE(answered_already->answered());
}

TEST_CASE("nobody signed in: sign in", "[broker]") {
  Bench bench;
  bench.start();

  CHECK(bench.token() == "reauthorize/no-grant");
  CHECK(bench.heard.empty());  // nothing ended
}

TEST_CASE("a sign-in by another process is seen at the next question", "[broker]") {
  Bench bench;
  bench.start();
  REQUIRE(bench.token() == "reauthorize/no-grant");

  bench.store.put(bench.grant("A2", 30min));

  CHECK(bench.token() == "A2");
}

TEST_CASE("a locked keyring is an error of its own and not a missing token", "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.store.load_fails = MemoryStore::locked();
  bench.quiet_store.load_fails = MemoryStore::locked();
  bench.start();

  CHECK(bench.token() == "storage/locked");
  CHECK(bench.token() == "storage/locked");
  // The person who said no is not asked again at once, but who unlocked is served at once.
  CHECK(bench.store.count("load") == 1);
  bench.quiet_store.load_fails.reset();
  CHECK(bench.token() == "A1");
}

TEST_CASE("the keyring's question is put again after a minute", "[broker]") {
  Bench bench;
  bench.store.load_fails = MemoryStore::locked();
  bench.quiet_store.load_fails = MemoryStore::locked();
  bench.start();
  REQUIRE(bench.token() == "storage/locked");

  bench.clock.advance(61s);

  CHECK(bench.token() == "storage/locked");
  CHECK(bench.store.count("load") == 2);
}

TEST_CASE("the keyring's question is put again though somebody asks more often than that",
          "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1min));
  bench.start();
  SECTION("where nothing is known") {}
  SECTION("where a token has expired") {
    REQUIRE(bench.token() == "A1");
    bench.clock.advance(1min);
  }
  bench.loads_fail(MemoryStore::locked());
  const int before = bench.store.count("load");
  REQUIRE(bench.token() == "storage/locked");  // they dismissed it
  REQUIRE(bench.store.count("load") == before + 1);

  bench.clock.advance(50s);
  CHECK(bench.token() == "storage/locked");
  CHECK(bench.store.count("load") == before + 1);
  bench.clock.advance(10s);
  CHECK(bench.token() == "storage/locked");

  CHECK(bench.store.count("load") == before + 2);
}

TEST_CASE("who unlocked the keyring and dismissed its next question is left alone, too",
          "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(1min);
  bench.quiet_store.load_fails = MemoryStore::locked();
  const auto asked = bench.ask();
  while (bench.store.count("load") < 3) g_main_context_iteration(nullptr, FALSE);
  bench.store.load_fails = MemoryStore::locked();
  run_until_quiet();
  REQUIRE(Bench::said(*asked) == "storage/locked");

  bench.clock.advance(50s);
  CHECK(bench.token() == "storage/locked");

  CHECK(bench.store.count("load") == 3);
}

TEST_CASE("a narrower grant serves what it covers and refuses the rest by name", "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();

  CHECK(bench.token(Protocol::kSmtp) == "A1");
  const auto pop = bench.ask(Protocol::kPop);
  run_until_quiet();

  REQUIRE(Bench::said(*pop) == "refused/scope");
  CHECK(pop->result->error().what.find("POP3") != std::string::npos);
}

TEST_CASE("an unknown provider is an error of configuration", "[broker]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.provider = make_error(Error::Kind::kConfig, "no such provider", "unknown-provider");
  bench.start();

  CHECK(bench.token() == "config/unknown-provider");
}

TEST_CASE("a token refused by a mail server is renewed by force, once", "[broker][refused]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  REQUIRE(bench.token() == "A1");

  bench.broker->refused(kAlice, "A1");
  bench.http.answer(200, Bench::tokens("A1"));  // some providers give the same one again
  CHECK(bench.token() == "A1");
  bench.broker->refused(kAlice, "A1");
  CHECK(bench.token() == "A1");

  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("refused logins force one renewal of a grant in an hour", "[broker][refused]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 2h));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.broker->refused(kAlice, "A1");
  bench.http.answer(200, Bench::tokens("A2", "R2", 7200));
  REQUIRE(bench.token() == "A2");

  bench.clock.advance(59min);
  bench.broker->refused(kAlice, "A2");
  CHECK(bench.token() == "A2");
  CHECK(bench.http.seen.size() == 1);

  bench.clock.advance(1min);
  bench.broker->refused(kAlice, "A2");
  bench.http.answer(200, Bench::tokens("A3", "R3", 7200));
  CHECK(bench.token() == "A3");
}

TEST_CASE("a token refused before it was loaded is renewed too", "[broker][refused]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();

  bench.broker->refused(kAlice, "A1");
  bench.http.answer(200, Bench::tokens("A2"));

  CHECK(bench.token() == "A2");
}

TEST_CASE("a refusal of an old token does not touch the new one", "[broker][refused]") {
  Bench bench;
  bench.store.put(bench.grant("A2", 30min));
  bench.start();
  REQUIRE(bench.token() == "A2");

  bench.broker->refused(kAlice, "A1");

  CHECK(bench.token() == "A2");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("a refused token is served on while it cannot be renewed", "[broker][refused]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.broker->refused(kAlice, "A1");

  bench.http.fail(make_error(Error::Kind::kTransient, "no network"));

  CHECK(bench.token() == "A1");  // it may have been about one mailbox
}

TEST_CASE("a refused token whose grant has ended says that a sign-in is needed",
          "[broker][refused]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 30min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.broker->refused(kAlice, "A1");

  bench.http.answer(400, R"({"error":"invalid_grant"})");

  CHECK(bench.token() == "reauthorize/invalid_grant");
  CHECK(bench.token() == "reauthorize/invalid_grant");  // and it asks nobody again
  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("an ending broker answers those who wait", "[broker]") {
  Bench bench;
  bench.store.silent = true;
  bench.start();
  const auto asked = bench.ask();

  bench.broker.reset();
  run_until_quiet();

  CHECK(Bench::said(*asked) == "cancelled/");
}
