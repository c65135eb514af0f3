// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is freed while JSON and forms are read, seen through this program's own operator delete.
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "codec/form.h"
#include "codec/json.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

constexpr std::string_view kMark = "tokentokentoken!";

std::atomic<bool> watching{false};
std::atomic<int> freed_with_mark{0};

void look_and_free(void* block) noexcept {
  if (block && watching) {
    const std::string_view bytes(static_cast<const char*>(block), malloc_usable_size(block));
    if (bytes.find(kMark) != std::string_view::npos) ++freed_with_mark;
  }
  std::free(block);
}

/// Runs `body`; how many of the blocks that it freed still held the mark.
template <class Body>
int freed_unwiped(const Body& body) {
  freed_with_mark = 0;
  watching = true;
  body();
  watching = false;
  return freed_with_mark;
}

/// A token of the length that Microsoft's have.
std::string long_token() {
  std::string token;
  while (token.size() < 2500) token += kMark;
  return token;
}

}  // namespace

void* operator new(std::size_t size) {
  // Zeroed: what the block held before is not this reader's.
  if (void* block = std::calloc(1, size ? size : 1)) return block;
  std::abort();
}
// As std::stable_sort asks; what it got is given back to the delete below.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::calloc(1, size ? size : 1);
}
void operator delete(void* block) noexcept { look_and_free(block); }
void operator delete(void* block, std::size_t) noexcept { look_and_free(block); }

TEST_CASE("what frees a token unwiped is noticed", "[codec][json]") {
  CHECK(freed_unwiped([] { const std::string plain = long_token(); }) > 0);
}

TEST_CASE("a token that was read is nowhere in what the reader freed", "[codec][json]") {
  const std::string text =
      GENERATE(R"({"access_token":")" + long_token() + R"(","expires_in":3600})",
               R"(["a\u00e9)" + long_token() + R"("])",  // with an escape
               R"({"access_token":")" + long_token(),    // breaks off
               R"({"access_token":")" + long_token() + R"(" 1})");

  CHECK(freed_unwiped([&] { static_cast<void>(Json::parse(text)); }) == 0);
}

TEST_CASE("a token that was written is nowhere in what the writer freed", "[codec][json]") {
  const std::string token = long_token();

  CHECK(freed_unwiped([&] {
          Json object = Json::object();
          object.set("access_token", Json::of(token));
          static_cast<void>(object.secret_text());
        }) == 0);
}

TEST_CASE("a code that was read from a query is nowhere in what the reader freed",
          "[codec][form]") {
  const std::string text = GENERATE("code=" + long_token() + "&state=1",  //
                                    "code=" + long_token() + "&state=%",  // breaks off
                                    "code=" + long_token() + "%0");

  CHECK(freed_unwiped([&] {
          if (auto fields = parse_form(text)) wipe(*fields);
        }) == 0);
}
