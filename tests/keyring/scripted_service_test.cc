// SPDX-License-Identifier: GPL-3.0-or-later
//
// Against tests/bed/scripted_keyring.py: what other services than gnome-keyring do.
#include "keyring/scripted_keyring.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("a renewed sign-in is stored though the keyring lets nobody replace an item",
          "[scripted]") {
  const ScriptedKeyring keyring;
  KeyringBench cron;
  REQUIRE(cron.save("R1") == "ok");
  keyring.set("replace", "asks");

  KeyringBench next;
  CHECK(next.prove_place() == "ok");
  CHECK(next.save("R2") == "ok");

  CHECK(cron.loaded() == "R2");
  CHECK(keyring.counts()["CreateItem"] == 1);
}

TEST_CASE("the proof before a renewal does what the renewal will do, and changes nothing",
          "[scripted]") {
  const ScriptedKeyring keyring;
  KeyringBench bench;
  REQUIRE(bench.save("R1") == "ok");

  CHECK(bench.prove_place() == "ok");

  CHECK(keyring.counts()["SetSecret"] == 1);
  CHECK(keyring.counts()["CreateItem"] == 1);  // of save()
  CHECK(bench.loaded() == "R1");
}

TEST_CASE("where there is no item yet, the proof before a renewal is a probe", "[scripted]") {
  const ScriptedKeyring keyring;
  KeyringBench bench;

  CHECK(bench.prove_place() == "ok");

  CHECK(keyring.counts()["CreateItem"] == 1);
  CHECK(keyring.counts()["Delete"] == 1);
}

TEST_CASE("a name that is not text is answered with an error, and the service not asked",
          "[scripted]") {
  const ScriptedKeyring keyring;
  KeyringBench bench;
  bench.key.identity = "m\xfcller@x.test";

  const auto loaded = bench.load();
  REQUIRE(loaded.result.has_value());
  REQUIRE_FALSE(*loaded.result);
  CHECK(loaded.result->error().kind == Error::Kind::kConfig);
  for (const auto& told : {bench.save("R1"), bench.erase(), bench.prove_place()}) {
    CHECK(told == "not-text");
  }
  bench.key = {{"microsoft365", "client-\xfc", ""}, "alice@contoso.com"};
  CHECK(bench.secret() == "not-text");
  CHECK(bench.save_secret("s") == "not-text");
  CHECK(keyring.counts()["OpenSession"] == 0);
}

TEST_CASE("a service that takes no short key is offered another one", "[scripted]") {
  const ScriptedKeyring keyring;
  REQUIRE(KeyringBench().save("R1") == "ok");
  keyring.set("short_keys", "1");
  CHECK(KeyringBench().loaded() == "R1");
  keyring.set("short_keys", "1000");
  CHECK(KeyringBench().loaded() == "keyring");
  CHECK(keyring.counts()["OpenSession"] < 20);
}

TEST_CASE("a service without any collection is no \"nobody is signed in\"", "[scripted]") {
  const ScriptedKeyring keyring;
  keyring.set("collections", "none");
  KeyringBench bench;

  CHECK(bench.loaded() == "no-collection");
  CHECK(bench.list().code() == "no-collection");
  CHECK(bench.secret() == "no-collection");
  CHECK(bench.erase() == "no-collection");
  CHECK(bench.save("R1") == "no-collection");
  CHECK(bench.prove() == "no-collection");
  CHECK(keyring.counts()["SearchItems"] == 0);  // KeePassXC would ask the person
}

TEST_CASE("a question that nobody answers is told, ends in time and is taken back", "[scripted]") {
  const ScriptedKeyring keyring;
  REQUIRE(KeyringBench().save("R1") == "ok");
  keyring.set("locked", "yes");
  int told = 0;
  Patience patience;
  patience.person = std::chrono::seconds(2);
  patience.on_question = [&told] { ++told; };
  KeyringBench bench(Prompt::kAllowed, Opening::kEach, patience);

  const auto reply = bench.load();

  REQUIRE(reply.code() == "locked");
  CHECK(reply.result->error().what.find("within 2 s") != std::string::npos);
  CHECK(told == 1);
  CHECK(run_until([&] { return keyring.counts()["Dismiss"] == 1; }));
}

TEST_CASE("who may not ask the person is not kept waiting by a question", "[scripted]") {
  const ScriptedKeyring keyring;
  REQUIRE(KeyringBench().save("R1") == "ok");
  keyring.set("locked", "yes");
  KeyringBench bench(Prompt::kNever);

  CHECK(bench.loaded() == "locked");

  CHECK(keyring.counts()["Prompt"] == 0);
}

TEST_CASE("a question that is answered brings the sign-in, a dismissed one is \"locked\"",
          "[scripted]") {
  const ScriptedKeyring keyring;
  KeyringBench bench;
  REQUIRE(bench.save("R1") == "ok");
  keyring.set("locked", "yes");
  keyring.set("question", "dismissed");
  CHECK(bench.loaded() == "locked");
  keyring.set("question", "answered");
  CHECK(bench.loaded() == "R1");
}

TEST_CASE("a service that never answers is an error when patience ends", "[scripted]") {
  const ScriptedKeyring keyring;
  keyring.set("silent", GENERATE("ReadAlias", "SearchItems"));
  Patience patience;
  patience.service = std::chrono::milliseconds(300);
  KeyringBench bench(Prompt::kAllowed, Opening::kEach, patience);

  CHECK(bench.loaded() == "slow");
  CHECK(bench.list().code() == "slow");
}

TEST_CASE("looking one address up costs the same however many are signed in", "[scripted]") {
  const ScriptedKeyring keyring;
  const unsigned others = GENERATE(0u, 10'000u);
  KeyringBench bench;
  REQUIRE(bench.save("R1") == "ok");
  keyring.add_crowd(others);
  const auto before = keyring.counts();

  const auto found = reply_to<std::vector<GrantKey>>(
      [&](auto done) { return bench.store.list_of("Alice@CONTOSO.com", done); });

  REQUIRE(found.code() == "ok");
  CHECK(**found.result == std::vector<GrantKey>{bench.key});
  auto after = keyring.counts();
  for (const auto& count : before) after[count.first] -= count.second;
  CHECK(after["looked"] == 1);
  CHECK(after["SearchItems"] == 1);
}

TEST_CASE("a probe that a proof left behind is erased by a later one, but not one in use",
          "[scripted]") {
  const ScriptedKeyring keyring;
  keyring.set("age", "3600");
  keyring.add_item("probe", "left-behind");
  keyring.set("age", "5");
  keyring.add_item("probe", "in-use");
  keyring.set("age", "0");
  KeyringBench bench;

  CHECK(bench.prove() == "ok");

  CHECK(keyring.counts()["Delete"] == 2);  // its own, and the old one
}
