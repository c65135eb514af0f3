// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/last_error.h"

#include <stdexcept>
#include <string>

#include "support/catch.h"

using namespace mail_oauth;

namespace {

std::string words() {
  const char* said = nullptr;
  capi::last_error(&said);
  return said;
}

}  // namespace

TEST_CASE("an entry's failure is its kind, and its words are kept", "[capi]") {
  const auto [kind, number] = GENERATE(table<Error::Kind, mail_oauth_kind>({
      {Error::Kind::kInternal, MAIL_OAUTH_INTERNAL},
      {Error::Kind::kConfig, MAIL_OAUTH_CONFIG},
      {Error::Kind::kReauthorize, MAIL_OAUTH_REAUTHORIZE},
      {Error::Kind::kCancelled, MAIL_OAUTH_CANCELLED},
      {Error::Kind::kTransient, MAIL_OAUTH_TRANSIENT},
      {Error::Kind::kRefused, MAIL_OAUTH_REFUSED},
      {Error::Kind::kStorage, MAIL_OAUTH_STORAGE},
      {Error::Kind::kProtocol, MAIL_OAUTH_PROTOCOL},
  }));
  const Error error = make_error(kind, "Why it failed.");

  CHECK(capi::entry("test", [&]() -> Result<void> { return error; }) == number);

  CHECK(capi::last_error(nullptr) == number);
  CHECK(words() == "Why it failed.");
  CHECK(capi::entry("test", []() -> Result<void> { return {}; }) == MAIL_OAUTH_OK);
  CHECK(capi::last_error(nullptr) == MAIL_OAUTH_OK);
  CHECK(words().empty());
}

TEST_CASE("what is thrown becomes an internal error with words", "[capi]") {
  CHECK(capi::entry("test", []() -> Result<void> { throw std::runtime_error("oops"); }) ==
        MAIL_OAUTH_INTERNAL);

  CHECK(capi::last_error(nullptr) == MAIL_OAUTH_INTERNAL);
  CHECK(words().find("please report") != std::string::npos);
}

TEST_CASE("the provider's correlation id is among the words", "[capi]") {
  Error error = make_error(Error::Kind::kRefused, "No.");
  error.correlation_id = "7f3c2a10-0000-4000-8000-000000000001";

  CHECK(capi::entry("test", [&]() -> Result<void> { return error; }) == MAIL_OAUTH_REFUSED);

  CHECK(words().find(error.correlation_id) != std::string::npos);
}
