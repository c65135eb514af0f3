// SPDX-License-Identifier: GPL-3.0-or-later
//
// Against a real gnome-keyring: with_keyring.py says which tag is for which keyring.
#include "keyring/secret_service_store.h"

#include <cstdlib>

#include "keyring/item_attributes.h"
#include "keyring/keyring_bench.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("a grant is stored, replaced, found again and erased", "[unlocked]") {
  KeyringBench bench;
  CHECK(bench.loaded() == "nothing");

  CHECK(bench.save("R1") == "ok");
  CHECK(bench.loaded() == "R1");
  CHECK(bench.save("R2") == "ok");
  const auto reply = bench.load();
  REQUIRE(reply.code() == "ok");
  REQUIRE((**reply.result).has_value());
  CHECK((**reply.result)->refresh_token.reveal() == "R2");
  CHECK((**reply.result)->access_token.size() == 2500);
  CHECK((**reply.result)->key == bench.key);

  CHECK(bench.erase() == "ok");
  CHECK(bench.loaded() == "nothing");
  CHECK(bench.erase() == "ok");  // nothing to erase is no failure
}

TEST_CASE("grants are told apart by every part of their key", "[unlocked]") {
  KeyringBench alice;
  KeyringBench other;
  SECTION("identity") { other.key.identity = "bob@contoso.com"; }
  SECTION("tenant") { other.key.client.tenant = "t2"; }
  SECTION("client") { other.key.client.client = "client-2"; }
  SECTION("provider") { other.key.client.provider = "bed"; }
  CHECK(alice.save("R1") == "ok");
  CHECK(other.loaded() == "nothing");
  CHECK(other.save("R2") == "ok");
  CHECK(alice.loaded() == "R1");
  CHECK((**alice.list().result).size() == 2);
  const auto of_bob = reply_to<std::vector<GrantKey>>(
      [&](auto done) { return alice.store.list_of("BOB@contoso.com", done); });
  const bool bobs = other.key.identity == "bob@contoso.com";
  CHECK(**of_bob.result == (bobs ? std::vector<GrantKey>{other.key} : std::vector<GrantKey>{}));
  CHECK(alice.erase() == "ok");
  CHECK(other.loaded() == "R2");
  CHECK(other.erase() == "ok");
}

TEST_CASE("a client secret has an item of its own; an empty one erases", "[unlocked]") {
  KeyringBench bench;
  CHECK(bench.secret() == "nothing");
  CHECK(bench.save_secret("s3cret") == "ok");
  CHECK(bench.secret() == "s3cret");
  CHECK(bench.loaded() == "nothing");
  CHECK((**bench.list().result).empty());
  CHECK(bench.save_secret("") == "ok");
  CHECK(bench.secret() == "nothing");
}

TEST_CASE("the item carries the documented attributes and a readable label", "[unlocked]") {
  KeyringBench bench;
  CHECK(bench.save("R1") == "ok");

  const keyring::AttributesPtr wanted = keyring::attributes_of(bench.key);
  GList* found = secret_service_search_sync(nullptr, keyring::schema(), wanted.get(),
                                            SECRET_SEARCH_ALL, nullptr, nullptr);
  REQUIRE(g_list_length(found) == 1);
  const GCharPtr label(secret_item_get_label(SECRET_ITEM(found->data)));
  CHECK(std::string(label.get()) == "mail-oauth: alice@contoso.com (microsoft365)");
  const keyring::AttributesPtr attributes(secret_item_get_attributes(SECRET_ITEM(found->data)));
  const auto value = [&](const char* name) {
    const auto* text = static_cast<const char*>(g_hash_table_lookup(attributes.get(), name));
    return std::string(text ? text : "(none)");
  };
  CHECK(value("xdg:schema") == "org.mail_oauth.Grant");
  CHECK(value("kind") == "grant");
  CHECK(value("provider") == "microsoft365");
  CHECK(value("client") == "client-1");
  CHECK(value("tenant").empty());
  CHECK(value("identity") == "alice@contoso.com");
  g_list_free_full(found, g_object_unref);
  CHECK(bench.erase() == "ok");
}

TEST_CASE("prove_writable leaves nothing behind", "[unlocked]") {
  KeyringBench bench;
  CHECK(bench.prove() == "ok");

  const keyring::AttributesPtr none(g_hash_table_new(g_str_hash, g_str_equal));
  GList* found = secret_service_search_sync(nullptr, keyring::schema(), none.get(),
                                            SECRET_SEARCH_ALL, nullptr, nullptr);
  CHECK(g_list_length(found) == 0);
  g_list_free_full(found, g_object_unref);
}

TEST_CASE("a locked keyring is \"locked\", whether there is a token or not", "[unlocked]") {
  const bool stored = GENERATE(true, false);
  const Prompt prompt = GENERATE(Prompt::kNever, Prompt::kAllowed);  // no prompter: dismissed
  KeyringBench bench(prompt);
  if (stored) REQUIRE(bench.save("R1") == "ok");
  lock_keyring();

  CHECK(bench.loaded() == "locked");
  CHECK(bench.save("R2") == "locked");
  CHECK(bench.erase() == "locked");
  CHECK(bench.prove() == "locked");
  CHECK(bench.secret() == "locked");
  CHECK(bench.save_secret("s") == "locked");
  const auto names = bench.list();                    // needs no unlocking
  CHECK(names.code() == (stored ? "ok" : "locked"));  // none seen is not none

  unlock_keyring();
  CHECK(bench.loaded() == (stored ? "R1" : "nothing"));
  CHECK(bench.erase() == "ok");
}

TEST_CASE("a question that shares what the last one opened sees what changed meanwhile",
          "[unlocked]") {
  KeyringBench other;
  KeyringBench bench(Prompt::kNever, Opening::kMayShare);
  REQUIRE(other.save("R1") == "ok");
  REQUIRE(bench.list().code() == "ok");
  CHECK(bench.loaded() == "R1");

  REQUIRE(bench.list().code() == "ok");
  REQUIRE(other.save("R2") == "ok");
  CHECK(bench.loaded() == "R2");
  CHECK(bench.save("R3") == "ok");
  CHECK(other.loaded() == "R3");

  REQUIRE(bench.list().code() == "ok");
  REQUIRE(other.erase() == "ok");
  CHECK(bench.loaded() == "nothing");

  REQUIRE(other.save("R4") == "ok");
  REQUIRE(bench.list().code() == "ok");
  CHECK(bench.erase() == "ok");
  CHECK(other.loaded() == "nothing");
  CHECK(bench.prove() == "ok");
}

TEST_CASE("a question that shares what the last one opened finds a keyring locked meanwhile",
          "[unlocked]") {
  KeyringBench bench(Prompt::kNever, Opening::kMayShare);
  REQUIRE(bench.save("R1") == "ok");
  REQUIRE(bench.list().code() == "ok");
  lock_keyring();
  CHECK(bench.loaded() == "locked");
  unlock_keyring();
  CHECK(bench.loaded() == "R1");
  CHECK(bench.erase() == "ok");
}

TEST_CASE("of two items with one name the newest counts, and both are erased", "[unlocked]") {
  KeyringBench bench;
  const keyring::AttributesPtr attributes = keyring::attributes_of(bench.key);
  const auto older = encode_item(bench.grant("OLD"));
  REQUIRE(secret_password_storev_sync(keyring::schema(), attributes.get(),
                                      SECRET_COLLECTION_SESSION, "copy", older.reveal().data(),
                                      nullptr, nullptr));
  const gint64 second = g_get_real_time() / G_USEC_PER_SEC;  // the service knows whole seconds
  run_until([&] { return g_get_real_time() / G_USEC_PER_SEC > second; });
  REQUIRE(bench.save("NEW") == "ok");

  CHECK(bench.loaded() == "NEW");
  CHECK(bench.erase() == "ok");
  CHECK(bench.loaded() == "nothing");
}

TEST_CASE("a dropped call is not answered", "[unlocked]") {
  KeyringBench bench;
  bool answered = false;
  {
    const Call call = bench.store.load(bench.key, [&](auto) { answered = true; });
  }
  CHECK(bench.loaded() == "nothing");

  CHECK_FALSE(answered);
}

TEST_CASE("before the restart", "[cold-store]") {
  KeyringBench bench;
  CHECK(bench.save("R1") == "ok");
}

TEST_CASE("a keyring that was never unlocked is locked and not empty", "[cold-read]") {
  KeyringBench bench;
  CHECK(bench.loaded() == "locked");
  CHECK(bench.list().code() == "locked");  // the service itself does not know the names yet
  unlock_keyring();
  CHECK(bench.loaded() == "R1");
  CHECK(**bench.list().result == std::vector<GrantKey>{bench.key});
}

TEST_CASE("no Secret Service is an error of its own", "[no-service]") {
  KeyringBench bench;
  CHECK(bench.loaded() == "no-service");
  CHECK(bench.save("R1") == "no-service");
  CHECK(bench.prove() == "no-service");
  CHECK(bench.list().code() == "no-service");
}

TEST_CASE("no bus is an error of its own, and none is started", "[no-bus]") {
  REQUIRE(std::getenv("DISPLAY"));
  KeyringBench bench;
  const bool dead = GENERATE(false, true);
  if (dead) setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);

  CHECK(bench.loaded() == "no-bus");
  CHECK(bench.save("R1") == "no-bus");
  CHECK(bench.prove() == "no-bus");
  CHECK(bench.list().code() == "no-bus");
}
