// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is refused stands in manifests.json; see agreement_test.cc.
#include "manifest/sources.h"

#include "support/catch.h"

using namespace mail_oauth;
using manifest::source_of;

namespace {

Json document() {
  auto parsed = Json::parse(R"({"tenant":"t","servers":{"imap":{"host":"h"},"pop":{"host":"h"}},
    "sources":{
      "/servers":{"url":"https://p.example/all","seen":"2026-01-02","status":"verified"},
      "/servers/pop/host":{"url":"https://p.example/pop","seen":"2026-03-04","status":"unverified"}}})");
  REQUIRE(parsed);
  return *std::move(parsed);
}

}  // namespace

TEST_CASE("a value has its own source", "[manifest][sources]") {
  const auto source = source_of(document(), "/servers/pop/host");

  REQUIRE(source);
  CHECK(source->url == "https://p.example/pop");
  CHECK(source->seen == "2026-03-04");
  CHECK_FALSE(source->verified);
}

TEST_CASE("a value has the source of the object around it", "[manifest][sources]") {
  const auto source = source_of(document(), "/servers/imap/host");

  REQUIRE(source);
  CHECK(source->url == "https://p.example/all");
  CHECK(source->verified);
}

TEST_CASE("a value may have no source", "[manifest][sources]") {
  CHECK_FALSE(source_of(document(), "/tenant"));
  CHECK_FALSE(source_of(*Json::parse("{}"), "/tenant"));
}

TEST_CASE("a source names the file and its own key when it is wrong", "[manifest][sources]") {
  const auto parsed = Json::parse(
      R"({"a/b":1,"sources":{"/a~1b":{"url":"https://p.example/","seen":"soon","status":"verified"}}})");
  REQUIRE(parsed);

  const auto checked = manifest::check_sources(*parsed, "/p.json");

  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().what.rfind("/p.json: /sources/~1a~01b/seen: ", 0) == 0);
}
