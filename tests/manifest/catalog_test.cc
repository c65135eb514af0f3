// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/catalog.h"

#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using manifest::Catalog;
using testing::TempFolder;

namespace {

constexpr const char* kWhole = R"({"schema":1,"id":"p","name":"P","issuer":"https://p.example",
  "scopes":{"imap":["I"],"smtp":["S"],"always":["offline_access"]},
  "redirect":{"host":"localhost","port":0},"domains":["p.example","*.sub.example"]})";

// Three folders, as in real life.
struct Folders {
  TempFolder root;
  std::vector<std::string> list = {root.path() + "/user", root.path() + "/etc",
                                   root.path() + "/share"};
  Catalog load() const { return Catalog::load(list); }
};

}  // namespace

TEST_CASE("folders that do not exist are empty ones", "[manifest][catalog]") {
  const Folders folders;

  const Catalog catalog = folders.load();

  CHECK(catalog.providers().empty());
  CHECK(catalog.broken().empty());
}

TEST_CASE("a file that extends its own id builds on the next lower folder", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);
  folders.root.write("etc/p.json", R"({"schema":1,"id":"p","extends":"p","tenant":"t1"})");
  folders.root.write("user/p.json",
                     R"({"schema":1,"id":"p","extends":"p","client_id":"c1",
                         "scopes":{"imap":["J"]},"redirect":{"port":4000},"domains":["me.example"]})");

  const auto provider = folders.load().find("p");

  REQUIRE(provider);
  CHECK(provider->client_id == "c1");
  CHECK(provider->tenant == "t1");
  CHECK(provider->scopes.mail.at(Protocol::kImap) == std::vector<std::string>{"J"});
  CHECK(provider->scopes.mail.at(Protocol::kSmtp) == std::vector<std::string>{"S"});  // merged
  CHECK(provider->redirect.host == "localhost");
  CHECK(provider->redirect.port == 4000);
  CHECK(provider->domains == std::vector<std::string>{"me.example"});  // arrays replace
  CHECK(provider->file == folders.list[0] + "/p.json");
}

TEST_CASE("a file without extends replaces the lower one whole", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);
  folders.root.write("user/p.json",
                     R"({"schema":1,"id":"p","name":"Mine","issuer":"https://q.example",
                                        "scopes":{"pop":["Q"]}})");

  const auto provider = folders.load().find("p");

  REQUIRE(provider);
  CHECK(provider->name == "Mine");
  CHECK(provider->scopes.mail.size() == 1);
}

TEST_CASE("a file may extend another provider", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);
  folders.root.write("user/q.json", R"({"schema":1,"id":"q","extends":"p","name":"Q"})");

  const Catalog catalog = folders.load();

  REQUIRE(catalog.providers().size() == 2);
  CHECK(catalog.find("q")->name == "Q");
  CHECK(catalog.find("q")->endpoints.issuer == "https://p.example");
}

TEST_CASE("one broken file leaves the others alone, and nothing steps in for it unseen",
          "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);
  folders.root.write("share/q.json", R"({"schema":1,"id":"q","extends":"p","name":"Q"})");
  folders.root.write("user/q.json", "{");

  const Catalog catalog = folders.load();

  REQUIRE(catalog.providers().size() == 1);
  CHECK(catalog.providers()[0].id == "p");
  REQUIRE(catalog.broken().size() == 1);
  CHECK(catalog.broken()[0].id == "q");
  CHECK(catalog.broken()[0].error.what.find(folders.list[0] + "/q.json") == 0);
  CHECK(catalog.find("q").error().kind == Error::Kind::kConfig);
}

TEST_CASE("what a manifest extends has to be there and not go in a circle", "[manifest][catalog]") {
  const auto [q, r, problem] = GENERATE(table<std::string, std::string, std::string>({
      {R"("extends":"q")", "", "no manifest"},     // nothing below
      {R"("extends":"none")", "", "no manifest"},  // nobody
      {R"("extends":"r")", R"("extends":"q")", "circle"},
      {R"("extends":"r")", R"("nmae":"R")", "/r.json"},  // what is extended is broken
  }));
  const Folders folders;
  folders.root.write("user/q.json", R"({"schema":1,"id":"q",)" + q + "}");
  if (!r.empty()) folders.root.write("user/r.json", R"({"schema":1,"id":"r",)" + r + "}");

  const auto provider = folders.load().find("q");

  REQUIRE_FALSE(provider);
  CHECK(provider.error().kind == Error::Kind::kConfig);
  CHECK(provider.error().what.find(problem) != std::string::npos);
}

TEST_CASE("a manifest that others can write is refused", "[manifest][catalog]") {
  const Folders folders;
  g_chmod(folders.root.write("share/p.json", kWhole).c_str(), 0602);

  const auto provider = folders.load().find("p");

  REQUIRE_FALSE(provider);
  CHECK(provider.error().what.find("p.json") != std::string::npos);
}

TEST_CASE("the id is the file's name", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/other.json", kWhole);

  CHECK(folders.load().find("other").error().what.find("/id") != std::string::npos);
}

TEST_CASE("an unknown provider is answered with those that are known", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);

  const auto provider = folders.load().find("googel");

  REQUIRE_FALSE(provider);
  CHECK(provider.error().kind == Error::Kind::kConfig);
  CHECK(provider.error().what.find("p") != std::string::npos);
}

TEST_CASE("a provider is found by the domain of an address", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);
  const Catalog catalog = folders.load();
  const auto [address, found] = GENERATE(table<std::string, std::size_t>({
      {"alice@p.example", 1},
      {"alice@P.EXAMPLE", 1},
      {"alice@a.sub.example", 1},
      {"alice@sub.example", 0},  // "*." wants something before it
      {"alice@xsub.example", 0},
      {"alice@evilp.example", 0},
      {"alice", 0},
      {"p.example@q.example", 0},
  }));
  CAPTURE(address);

  CHECK(catalog.for_address(address).size() == found);
}

TEST_CASE("a template is no provider, and says what it is there for", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/base.json", R"({"schema":1,"id":"base","template":true,"name":"Base",
    "scopes":{"imap":["I"],"always":["offline_access"]}})");
  folders.root.write(
      "share/finer.json",
      R"({"schema":1,"id":"finer","extends":"base","template":true,"name":"Finer"})");
  folders.root.write("user/mine.json", R"({"schema":1,"id":"mine","extends":"finer","name":"Mine",
    "issuer":"https://auth.example.org","scopes":{"identity":["openid"]}})");

  const Catalog catalog = folders.load();

  CHECK(catalog.broken().empty());
  REQUIRE(catalog.templates().size() == 2);
  CHECK(catalog.templates()[0].id == "base");
  CHECK(catalog.templates()[1].name == "Finer");
  REQUIRE(catalog.providers().size() == 1);
  CHECK(catalog.providers()[0].scopes.mail.at(Protocol::kImap) == std::vector<std::string>{"I"});
  const auto found = catalog.find("base");
  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Error::Kind::kConfig);
  CHECK(found.error().what.find("template") != std::string::npos);
}

TEST_CASE("what a template leaves out is missed in the file that extends it",
          "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/base.json",
                     R"({"schema":1,"id":"base","template":true,"name":"Base"})");
  folders.root.write("user/base.json", R"({"schema":1,"id":"base","extends":"base"})");

  const Catalog catalog = folders.load();

  REQUIRE(catalog.broken().size() == 1);
  CHECK(catalog.broken()[0].error.what.find("/authorization_endpoint") != std::string::npos);
}

TEST_CASE("the one provider with a client is known among many", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);
  folders.root.write("share/q.json", R"({"schema":1,"id":"q","extends":"p","name":"Q"})");
  CHECK_FALSE(folders.load().only_with_client());

  folders.root.write("user/q.json", R"({"schema":1,"id":"q","extends":"q","client_id":"c"})");
  const Catalog one = folders.load();
  REQUIRE(one.only_with_client());
  CHECK(one.only_with_client()->id == "q");

  folders.root.write("user/p.json", R"({"schema":1,"id":"p","extends":"p","client_id":"c"})");
  CHECK_FALSE(folders.load().only_with_client());
}

TEST_CASE("sources of a lower file do not hang on values of an upper one", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json",
                     R"({"schema":1,"id":"p","name":"P","issuer":"https://p.example",
    "scopes":{"imap":["I","J"]},
    "sources":{"/scopes/imap/1":{"url":"https://p.example/","seen":"2026-01-02","status":"verified"}}})");
  folders.root.write("user/p.json",
                     R"({"schema":1,"id":"p","extends":"p","scopes":{"imap":["K"]}})");

  CHECK(folders.load().find("p"));
}

TEST_CASE("one provider is loaded as all of them are", "[manifest][catalog]") {
  const Folders folders;
  folders.root.write("share/p.json", kWhole);
  folders.root.write("user/p.json", R"({"schema":1,"id":"p","extends":"p","client_id":"c"})");
  folders.root.write("user/broken.json", "{");
  folders.root.write("user/base.json", R"({"schema":1,"id":"base","template":true})");

  const auto provider = Catalog::load_one(folders.list, "p");

  REQUIRE(provider);
  CHECK(provider->client_id == "c");
  CHECK(provider->name == "P");
  const Catalog all = folders.load();
  for (const char* id : {"broken", "base", "nobody", "../p"}) {
    CAPTURE(id);
    const auto one = Catalog::load_one(folders.list, id);
    REQUIRE_FALSE(one);
    CHECK(one.error().what == all.find(id).error().what);
  }
}
