// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/command_store.h"

#include <glib/gstdio.h>

#include "cmdstore/bench.h"
#include "cmdstore/command_run.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::cmdstore_test;
using testing::TempFolder;

namespace {

struct Bench {
  TempFolder temp;
  std::string folder = temp.path() + "/grants";
  std::string items = temp.path() + "/items";
  CommandTokenStore store{folder};

  Bench() { g_mkdir(items.c_str(), 0700); }

  StoreCommands commands(bool keeper) const { return keeper ? keepers(items) : filters(); }
};

}  // namespace

TEST_CASE("a grant kept by commands comes back, in another process, too", "[cmdstore]") {
  const bool keeper = GENERATE(false, true);
  Bench bench;
  bench.store.use(bench.commands(keeper));
  REQUIRE(prove(bench.store));
  REQUIRE(save(bench.store, grant_of(kAlice)));

  CommandTokenStore other(bench.folder);  // was told nothing
  const auto grant = load(other);

  REQUIRE(grant);
  REQUIRE(*grant);
  CHECK((*grant)->refresh_token.equals("refresh-1"));
  CHECK((*grant)->token_endpoint == "https://p.example/t");
  CHECK(*list(other) == std::vector<GrantKey>{kAlice});
  CHECK(other.has(kAlice));
  CHECK(other.serves(kAlice.client));
  CHECK(files_in(bench.items) == (keeper ? 1 : 0));
  CHECK(*other.commands_of(kAlice) == bench.commands(keeper));
}

TEST_CASE("a rotation is saved by the commands that the grant remembers", "[cmdstore]") {
  const bool keeper = GENERATE(false, true);
  Bench bench;
  bench.store.use(bench.commands(keeper));
  REQUIRE(save(bench.store, grant_of(kAlice)));

  CommandTokenStore other(bench.folder);
  REQUIRE(save(other, grant_of(kAlice, "refresh-2")));

  CHECK((*load(bench.store))->refresh_token.equals("refresh-2"));
  CHECK(files_in(bench.folder) == 1);
}

TEST_CASE("signing out leaves nothing", "[cmdstore]") {
  const bool keeper = GENERATE(false, true);
  Bench bench;
  bench.store.use(bench.commands(keeper));
  REQUIRE(save(bench.store, grant_of(kAlice)));

  REQUIRE(erase(bench.store));

  CHECK(files_in(bench.items) == 0);
  CHECK(files_in(bench.folder) == 0);
  CHECK_FALSE(*load(bench.store));
  CHECK(erase(bench.store));  // nothing to erase is no failure
}

TEST_CASE("no token is in a file of ours in clear text", "[cmdstore]") {
  Bench bench;
  bench.store.use(filters());
  REQUIRE(save(bench.store, grant_of(kAlice)));

  const std::string name = *cmdstore::item_name(kAlice.client, kAlice.identity);
  const std::string text = bench.temp.read("grants/" + name + ".json");

  CHECK(text.find("alice@example.com") != std::string::npos);
  CHECK(text.find("refresh-1") == std::string::npos);
  CHECK(text.find("access-1") == std::string::npos);
}

TEST_CASE("commands that do not work are refused before anybody signs in", "[cmdstore]") {
  Bench bench;
  const auto refused = [&bench](StoreCommands commands) {
    bench.store.use(std::move(commands));
    const auto proved = prove(bench.store);
    REQUIRE_FALSE(proved);
    return proved.error();
  };
  const Error clear = refused({{"/bin/cat"}, {"/bin/cat"}, {}});
  CHECK(clear.kind == Error::Kind::kConfig);
  CHECK(clear.what.find("encrypt") != std::string::npos);
  const Error silent = refused({{"/bin/cat"}, {"/bin/true"}, {}});
  CHECK(silent.kind == Error::Kind::kStorage);
  CHECK(silent.what.find("{name}") != std::string::npos);
  const Error other = refused({{"/bin/echo", "x"}, filters().write, {}});
  CHECK(other.kind == Error::Kind::kStorage);
  CHECK(other.what.find("--store-read") != std::string::npos);
  const Error failed = refused(failing());
  CHECK(failed.kind == Error::Kind::kStorage);
  CHECK(failed.what.find("exit code 2: no key") != std::string::npos);
  CHECK(refused({}).kind == Error::Kind::kConfig);
  CHECK(files_in(bench.folder) == 0);
}

TEST_CASE("a command that fails loses nothing", "[cmdstore]") {
  Bench bench;
  bench.store.use(filters());
  REQUIRE(save(bench.store, grant_of(kAlice)));

  bench.store.use(failing());
  const auto saved = save(bench.store, grant_of(kAlice, "refresh-2"));

  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == Error::Kind::kStorage);
  CHECK((*load(bench.store))->refresh_token.equals("refresh-1"));
}

TEST_CASE("a sign-in that changes its commands leaves nothing with the old ones", "[cmdstore]") {
  Bench bench;
  bench.store.use(keepers(bench.items));
  REQUIRE(save(bench.store, grant_of(kAlice)));

  bench.store.use(filters());
  REQUIRE(save(bench.store, grant_of(kAlice, "refresh-2")));

  CHECK(files_in(bench.items) == 0);
  CHECK((*load(bench.store))->refresh_token.equals("refresh-2"));
}

TEST_CASE("a change of keepers that fails half-way loses no sign-in", "[cmdstore]") {
  Bench bench;
  const std::string elsewhere = bench.temp.path() + "/elsewhere";
  g_mkdir(elsewhere.c_str(), 0700);
  StoreCommands before = keepers(bench.items);
  StoreCommands after = keepers(elsewhere);
  SECTION("the new ones do not write") { after.write = {"/bin/sh", "-c", "exit 1 # {name}"}; }
  SECTION("the old ones do not remove") { before.remove = {"/bin/false", "{name}"}; }
  bench.store.use(before);
  REQUIRE(save(bench.store, grant_of(kAlice)));

  bench.store.use(after);
  const auto saved = save(bench.store, grant_of(kAlice, "refresh-2"));

  REQUIRE_FALSE(saved);
  CHECK(saved.error().code == "command");
  CommandTokenStore other(bench.folder);
  const auto found = load(other);
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->refresh_token.equals("refresh-1"));
}

TEST_CASE("keepers of the same place, with another way to remove, lose no sign-in", "[cmdstore]") {
  Bench bench;
  bench.store.use(keepers(bench.items));
  REQUIRE(save(bench.store, grant_of(kAlice)));

  StoreCommands after = keepers(bench.items);
  after.remove = {"/bin/rm", "-f", bench.items + "/{name}"};
  bench.store.use(after);
  REQUIRE(save(bench.store, grant_of(kAlice, "refresh-2")));

  const auto found = load(bench.store);
  REQUIRE(found);
  CHECK((*found)->refresh_token.equals("refresh-2"));
  CHECK(files_in(bench.items) == 1);
}

TEST_CASE("only what writes of its own accord is waited for longer", "[cmdstore]") {
  Bench bench;
  using std::chrono::seconds;
  bench.store.use(filters());
  CHECK(bench.store.write_limit(kAlice) == seconds(0));
  bench.store.use(keepers(bench.items));
  CHECK(bench.store.write_limit(kAlice) > cmdstore::kCommandLimit);
  CHECK(bench.store.write_limit(kAlice) < 2 * cmdstore::kCommandLimit);
  REQUIRE(save(bench.store, grant_of(kAlice)));

  CommandTokenStore other(bench.folder);
  CHECK(other.write_limit(kAlice) > cmdstore::kCommandLimit);
  other.use(filters());  // The old ones remove it.
  CHECK(other.write_limit(kAlice) > cmdstore::kCommandLimit);
  bench.store.use(keepers(bench.items + "/other"));  // They write, remove, read and write.
  CHECK(bench.store.write_limit(kAlice) > 4 * cmdstore::kCommandLimit);
}

TEST_CASE("nobody chooses commands for a grant that has none", "[cmdstore]") {
  Bench bench;
  const auto saved = save(bench.store, grant_of(kAlice));
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == Error::Kind::kConfig);
}

TEST_CASE("a damaged item is overwritten by the next sign-in, and can be given up", "[cmdstore]") {
  Bench bench;
  bench.store.use(filters());
  REQUIRE(save(bench.store, grant_of(kAlice)));
  const std::string name = *cmdstore::item_name(kAlice.client, kAlice.identity);
  bench.temp.write("grants/" + name + ".json", "{}");
  CHECK(unreadable_item(load(bench.store).error()));

  SECTION("overwritten") {
    REQUIRE(save(bench.store, grant_of(kAlice)));
    CHECK(*load(bench.store));
  }
  SECTION("given up") {
    REQUIRE(erase(bench.store));
    CHECK(files_in(bench.folder) == 0);
  }
}

TEST_CASE("a client secret is kept by commands, too", "[cmdstore]") {
  Bench bench;
  bench.store.use(filters());
  REQUIRE(save_secret(bench.store, kAlice.client, "s3cret"));

  CommandTokenStore other(bench.folder);
  CHECK((*load_secret(other, kAlice.client))->equals("s3cret"));
  CHECK(other.has(kAlice.client));
  CHECK(list(other)->empty());  // it is no grant
  REQUIRE(save_secret(other, kAlice.client, ""));
  CHECK_FALSE(*load_secret(other, kAlice.client));
}

TEST_CASE("a dropped call never answers", "[cmdstore]") {
  Bench bench;
  bench.store.use({{"/bin/sh", "-c", "exec sleep 1000"}, filters().write, {}});
  REQUIRE(save(bench.store, grant_of(kAlice)));
  bool answered = false;
  {
    const Call call = bench.store.load(kAlice, [&](auto) { answered = true; });
  }
  REQUIRE(list(bench.store));  // the loop ran meanwhile
  CHECK_FALSE(answered);
}
