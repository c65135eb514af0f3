// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/values.h"

#include "manifest/chain.h"

#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using manifest::Value;
using testing::TempFolder;

namespace {

struct Folders {
  TempFolder root;
  std::vector<std::string> list = {root.path() + "/user", root.path() + "/share"};

  Value value(const std::string& id, const std::string& pointer) const {
    auto values = manifest::values_of(list, id);
    REQUIRE(values);
    for (Value& one : *values) {
      if (one.pointer == pointer) return std::move(one);
    }
    FAIL("no value at " + pointer);
    return {pointer, Json::object(), "", {}};
  }
};

constexpr const char* kShipped =
    R"({"schema":1,"id":"p","name":"P","issuer":"https://p.example","tenant":"all",
        "scopes":{"imap":["I"],"smtp":["S"]},
        "sources":{"/tenant":{"url":"https://p.example/t","seen":"2026-01-02","status":"verified"},
                   "/scopes":{"url":"https://p.example/s","seen":"2026-01-02","status":"unverified"}}})";

}  // namespace

TEST_CASE("a value says its file and its source", "[manifest][values]") {
  const Folders folders;
  folders.root.write("share/p.json", kShipped);

  const Value tenant = folders.value("p", "/tenant");
  const Value imap = folders.value("p", "/scopes/imap");

  CHECK(tenant.value.text() == R"("all")");
  CHECK(tenant.file == folders.list[1] + "/p.json");
  REQUIRE(tenant.source);
  CHECK(tenant.source->verified);
  REQUIRE(imap.source);
  CHECK_FALSE(imap.source->verified);
}

TEST_CASE("an override's value does not borrow the source of the one it replaces",
          "[manifest][values]") {
  const Folders folders;
  folders.root.write("share/p.json", kShipped);
  folders.root.write(
      "user/p.json",
      R"({"schema":1,"id":"p","extends":"p","tenant":"mine","scopes":{"imap":["J"]}})");

  const Value tenant = folders.value("p", "/tenant");
  CHECK(tenant.value.text() == R"("mine")");
  CHECK(tenant.file == folders.list[0] + "/p.json");
  CHECK_FALSE(tenant.source);
  CHECK(folders.value("p", "/scopes/imap").file == folders.list[0] + "/p.json");
  const Value smtp = folders.value("p", "/scopes/smtp");
  CHECK(smtp.file == folders.list[1] + "/p.json");
  CHECK(smtp.source);
}

TEST_CASE("a value may come from another provider's file", "[manifest][values]") {
  const Folders folders;
  folders.root.write("share/p.json", kShipped);
  folders.root.write("share/q.json", R"({"schema":1,"id":"q","extends":"p","name":"Q"})");

  CHECK(folders.value("q", "/name").file == folders.list[1] + "/q.json");
  CHECK(folders.value("q", "/tenant").file == folders.list[1] + "/p.json");
}

TEST_CASE("values of a broken manifest are its error", "[manifest][values]") {
  const Folders folders;
  folders.root.write("share/p.json", "{");

  CHECK_FALSE(manifest::values_of(folders.list, "p"));
  CHECK_FALSE(manifest::values_of(folders.list, "nobody"));
}

TEST_CASE("a wrong source is told to who asks for it, and keeps nobody from signing in",
          "[manifest][values]") {
  const Folders folders;
  folders.root.write("share/p.json",
                     R"({"schema":1,"id":"p","name":"P","issuer":"https://p.example",
                         "scopes":{"imap":["I"]},"sources":{"/tenant":{"url":"here"}}})");

  const auto values = manifest::values_of(folders.list, "p");

  REQUIRE_FALSE(values.has_value());
  CHECK(values.error().what.find("/sources/~1tenant") != std::string::npos);
  CHECK(manifest::layers_of(folders.list, "p").has_value());
}
