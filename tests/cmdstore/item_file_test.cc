// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/item_file.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "cmdstore/bench.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::cmdstore_test;
using cmdstore::Item;
using cmdstore::ItemFolder;
using testing::TempFolder;

namespace {

struct Kept {
  TempFolder temp;
  ItemFolder folder{temp.path() + "/state/grants"};
  std::string name = *cmdstore::item_name(kAlice.client, kAlice.identity);

  Kept() {
    const std::string bytes("\0\xff kept", 7);
    REQUIRE(folder.save(name, {kAlice.client, kAlice.identity, filters(), bytes}));
  }
  std::string file() const { return folder.file(name); }
};

}  // namespace

TEST_CASE("an item comes back from its file", "[cmdstore]") {
  const Kept kept;

  const auto item = kept.folder.load(kept.name);

  REQUIRE(item);
  REQUIRE(*item);
  CHECK((*item)->client == kAlice.client);
  CHECK((*item)->identity == kAlice.identity);
  CHECK((*item)->commands == filters());
  CHECK((*item)->kept == std::string("\0\xff kept", 7));
  CHECK(kept.folder.all()->items.size() == 1);
}

TEST_CASE("a folder out of reach does not stand for nothing", "[cmdstore]") {
  const TempFolder temp;
  const std::string grants = temp.path() + "/grants";
  REQUIRE(symlink(grants.c_str(), grants.c_str()) == 0);  // as an absent file server: ELOOP
  const ItemFolder folder(grants);
  const std::string name = *cmdstore::item_name(kAlice.client, kAlice.identity);

  CHECK(folder.has(name));
  const auto item = folder.load(name);
  REQUIRE_FALSE(item);
  CHECK(item.error().kind == Error::Kind::kStorage);
  CHECK(item.error().what.find(grants) == 0);
  REQUIRE_FALSE(folder.all());
  CHECK(folder.all().error().what.find(grants) == 0);

  const ItemFolder none(temp.path() + "/none");
  CHECK_FALSE(none.has(name));
  CHECK_FALSE(*none.load(name));
  CHECK(none.all()->items.empty());
}

TEST_CASE("an item's file is closed to others", "[cmdstore]") {
  const Kept kept;
  CHECK(mode_of(kept.file()) == 0600);
  CHECK(mode_of(kept.temp.path() + "/state/grants") == 0700);
  CHECK(mode_of(kept.temp.path() + "/state") == 0700);
  CHECK(files_in(kept.temp.path() + "/state/grants") == 1);  // nothing half-written beside it
}

TEST_CASE("names differ by each part of the key", "[cmdstore]") {
  const std::string name = *cmdstore::item_name({"p", "c", "t"}, "i");
  CHECK(name.size() == 64);
  CHECK(name == *cmdstore::item_name({"p", "c", "t"}, "i"));
  CHECK(name != *cmdstore::item_name({"pc", "", "t"}, "i"));
  CHECK(name != *cmdstore::item_name({"p", "c", "ti"}, ""));
}

TEST_CASE("nothing kept is an answer", "[cmdstore]") {
  const TempFolder temp;
  const ItemFolder folder(temp.path() + "/none");
  const std::string name(64, 'a');
  CHECK_FALSE(folder.has(name));
  REQUIRE(folder.load(name));
  CHECK_FALSE(*folder.load(name));
  CHECK(folder.all()->items.empty());
  CHECK(folder.erase(name));
}

TEST_CASE("an item that others could have written is refused", "[cmdstore]") {
  const Kept kept;
  SECTION("the file") { g_chmod(kept.file().c_str(), 0606); }
  SECTION("the folder") { g_chmod((kept.temp.path() + "/state/grants").c_str(), 0750); }

  const auto item = kept.folder.load(kept.name);

  REQUIRE_FALSE(item);
  CHECK(item.error().kind == Error::Kind::kStorage);
  CHECK(item.error().code == "file");
  CHECK(item.error().what.find("/state/grants") != std::string::npos);
  const auto all = kept.folder.all();
  CHECK((!all || (all->items.empty() && all->unreadable.size() == 1)));
}

TEST_CASE("a damaged item leaves the others alone", "[cmdstore]") {
  const Kept kept;
  const std::string damaged = kept.folder.file(std::string(64, 'a'));
  REQUIRE(g_file_set_contents(damaged.c_str(), "{", -1, nullptr));

  const auto all = kept.folder.all();

  REQUIRE(all);
  REQUIRE(all->items.size() == 1);
  CHECK(all->items[0].identity == kAlice.identity);
  REQUIRE(all->unreadable.size() == 1);
  CHECK(all->unreadable[0].what.find(damaged) != std::string::npos);
}

TEST_CASE("a damaged item says which file to delete", "[cmdstore]") {
  const Kept kept;
  const auto text = GENERATE(
      as<std::string>{}, "", "[]", "{}", R"({"v":2,"provider":"p","client":"c","tenant":"t"})",
      R"({"v":1,"provider":"p","client":"c","tenant":"t","identity":"alice@example.com"})",
      R"({"v":1,"provider":"p","client":"c","tenant":"t","identity":"alice@example.com","read":["cat"],"write":["cat"]})",
      R"({"v":1,"provider":"p","client":"c","tenant":"t","identity":"alice@example.com","read":["/bin/a"],"write":["/bin/a"],"kept":"%"})",
      R"({"v":1,"provider":"p","client":"c","tenant":"t","identity":"bob@example.com","read":["/bin/a"],"write":["/bin/a"]})");
  CAPTURE(text);
  kept.temp.write("state/grants/" + kept.name + ".json", text);

  const auto item = kept.folder.load(kept.name);

  REQUIRE_FALSE(item);
  CHECK(item.error().kind == Error::Kind::kStorage);
  CHECK(item.error().code == "damaged");
  CHECK(item.error().what.find(kept.file()) == 0);
}
