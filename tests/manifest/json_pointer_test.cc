// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/json_pointer.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

// RFC 6901 section 5, without the keys that manifests cannot have.
Json document() {
  auto parsed = Json::parse(
      R"({"foo":["bar","baz"],"a/b":1,"m~n":8,"deep":{"er":{"x":true},"none":{}},"~1":3})");
  REQUIRE(parsed);
  return *std::move(parsed);
}

}  // namespace

TEST_CASE("a pointer names a value", "[manifest][json_pointer]") {
  const auto [pointer, value] = GENERATE(table<std::string, std::string>({
      {"/foo", R"(["bar","baz"])"},
      {"/foo/0", R"("bar")"},
      {"/a~1b", "1"},
      {"/m~0n", "8"},
      {"/~01", "3"},
      {"/deep/er/x", "true"},
  }));
  CAPTURE(pointer);

  const auto found = manifest::at_pointer(document(), pointer);

  REQUIRE(found);
  CHECK(found->text() == value);
}

TEST_CASE("a pointer to nothing names nothing", "[manifest][json_pointer]") {
  const auto pointer = GENERATE(as<std::string>{}, "foo", "/nope", "/foo/2", "/foo/00", "/foo/-",
                                "/foo/0/x", "/a~2b", "/m~", "/deep/er/y", "/");
  CAPTURE(pointer);

  CHECK_FALSE(manifest::at_pointer(document(), pointer));
}

TEST_CASE("the empty pointer names the document", "[manifest][json_pointer]") {
  const auto found = manifest::at_pointer(document(), "");

  REQUIRE(found);
  CHECK(found->is_object());
}

TEST_CASE("leaves are what is no object, and objects without keys", "[manifest][json_pointer]") {
  CHECK(manifest::leaf_pointers(document()) ==
        std::vector<std::string>{"/foo", "/a~1b", "/m~0n", "/deep/er/x", "/deep/none", "/~01"});
}
