// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/override_file.h"

#include <sys/stat.h>

#include "codec/json.h"
#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using testing::TempFolder;

TEST_CASE("setting a client writes a file that extends the shipped one", "[manifest]") {
  const TempFolder folder;

  const auto path = manifest::set_client(folder.path() + "/new", {"p", "client-1", "t1"});

  REQUIRE(path);
  CHECK(*path == folder.path() + "/new/p.json");
  const std::string text = folder.read("new/p.json");
  for (const char* part : {R"("schema": 1)", R"("id": "p")", R"("extends": "p")",
                           R"("client_id": "client-1")", R"("tenant": "t1")"}) {
    CHECK(text.find(part) != std::string::npos);
  }
  struct stat found {};
  REQUIRE(stat(path->c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
}

TEST_CASE("setting a client keeps the other keys", "[manifest]") {
  const TempFolder folder;
  folder.write("p.json", R"({"schema":1,"id":"p","extends":"q","client_id":"old","tenant":"t0",
                             "redirect":{"port":4000}})");

  REQUIRE(manifest::set_client(folder.path(), {"p", "new", ""}));

  const std::string text = folder.read("p.json");
  CHECK(text.find(R"("client_id": "new")") != std::string::npos);
  CHECK(text.find(R"("tenant": "t0")") != std::string::npos);
  CHECK(text.find(R"("extends": "q")") != std::string::npos);
  CHECK(text.find("4000") != std::string::npos);
}

TEST_CASE("a client id that could be something else is refused", "[manifest]") {
  const TempFolder folder;
  const auto [provider, client, tenant] = GENERATE(table<std::string, std::string, std::string>({
      {"p", "", ""},          // none
      {"p", "a b", ""},       // two words
      {"p", "a\x1b[2J", ""},  // a terminal escape
      {"p", "a", "t\n"},      // a line end
      {"../p", "a", ""},      // another folder
  }));
  CAPTURE(provider, client, tenant);

  const auto path = manifest::set_client(folder.path(), {provider, client, tenant});

  REQUIRE_FALSE(path);
  CHECK(path.error().kind == Error::Kind::kConfig);
}

TEST_CASE("a broken file of the person is not overwritten", "[manifest]") {
  const TempFolder folder;
  folder.write("p.json", "{ my work");

  const auto path = manifest::set_client(folder.path(), {"p", "c", ""});

  REQUIRE_FALSE(path);
  CHECK(path.error().kind == Error::Kind::kConfig);
  CHECK(folder.read("p.json") == "{ my work");
}

TEST_CASE("no permission is a storage error", "[manifest]") {
  const TempFolder folder;
  folder.write("file", "");

  const auto path = manifest::set_client(folder.path() + "/file", {"p", "c", ""});

  REQUIRE_FALSE(path);
  CHECK(path.error().kind == Error::Kind::kStorage);
}

TEST_CASE("the registered redirect address is kept beside the client", "[manifest][override]") {
  const TempFolder folder;

  const auto path =
      manifest::set_client(folder.path(), {"p", "c", "", "https://client.example/back"});

  REQUIRE(path);
  const auto document = Json::parse(folder.read("p.json"));
  REQUIRE(document);
  REQUIRE(document->at("redirect"));
  CHECK(document->at("redirect")->string_at("kind") == "registered");
  CHECK(document->at("redirect")->string_at("uri") == "https://client.example/back");
}

TEST_CASE("a redirect address in the clear is refused", "[manifest][override]") {
  const TempFolder folder;
  const auto uri = GENERATE(as<std::string>{}, "http://client.example/", "app://back", "back");
  CAPTURE(uri);

  const auto path = manifest::set_client(folder.path(), {"p", "c", "", uri});

  REQUIRE_FALSE(path);
  CHECK(path.error().kind == Error::Kind::kConfig);
}
