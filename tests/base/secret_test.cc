// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/secret.h"

#include <cstring>
#include <ostream>
#include <string>
#include <type_traits>

#include "base/secret_arena.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

template <class T, class = void>
struct IsStreamable : std::false_type {};
template <class T>
struct IsStreamable<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<T>())>>
    : std::true_type {};

}  // namespace

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!IsStreamable<const Secret&>::value, "a Secret must not reach a log");
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<RefreshToken, AccessToken>);
static_assert(!std::is_constructible_v<AccessToken, RefreshToken>);

TEST_CASE("a Secret gives back its bytes, NUL-terminated", "[base][secret]") {
  const Secret secret("hunter2");

  CHECK(secret.reveal() == "hunter2");
  CHECK(std::strlen(secret.reveal().data()) == 7);
}

TEST_CASE("an empty Secret reveals an empty C string", "[base][secret]") {
  CHECK(std::string(Secret().reveal().data()).empty());
}

TEST_CASE("join puts parts together", "[base][secret]") {
  CHECK(Secret::join("user=", std::string("a"), "\1").reveal() == "user=a\1");
}

TEST_CASE("moving leaves nothing behind", "[base][secret]") {
  Secret first("bytes");
  const Secret second = std::move(first);

  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
  CHECK(second.reveal() == "bytes");
}

TEST_CASE("freed bytes are wiped", "[base][secret]") {
  char* block = SecretArena::instance().take(200);
  std::memcpy(block, "remember me", 12);
  SecretArena::instance().give_back(block, 200);

  const char* again = SecretArena::instance().take(200);

  REQUIRE(again == block);
  CHECK(std::string(again, 12) == std::string(12, '\0'));
  SecretArena::instance().give_back(block, 200);
}

TEST_CASE("shrinking wipes the tail", "[base][secret]") {
  Secret secret("0123456789");
  const char* bytes = secret.reveal().data();

  secret.shrink(4);

  CHECK(secret.reveal() == "0123");
  CHECK(std::string(bytes + 4, 6) == std::string(6, '\0'));
}

TEST_CASE("large secrets are held too", "[base][secret]") {
  const std::string large(300'000, 'x');
  CHECK(Secret(large).reveal() == large);
}

TEST_CASE("equals compares bytes and length", "[base][secret]") {
  const Secret secret("abc");
  CHECK(secret.equals("abc"));
  CHECK_FALSE(secret.equals("abd"));
  CHECK_FALSE(secret.equals("ab"));
}
