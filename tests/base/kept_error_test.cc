// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/kept_error.h"

#include <string>

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a kept error is the one that was kept last, until it is forgotten", "[base][error]") {
  KeptError kept;
  CHECK_FALSE(kept.error());
  Error error = make_error(Error::Kind::kRefused, "No.", "access_denied");
  error.correlation_id = "7f3c2a10-0000-4000-8000-000000000001";

  kept.keep(make_error(Error::Kind::kStorage, "The keyring is locked.", "locked"));
  kept.keep(error);

  REQUIRE(kept.error());
  CHECK(kept.error()->kind == Error::Kind::kRefused);
  CHECK(kept.error()->what == "No.");
  CHECK(kept.error()->code == "access_denied");
  CHECK(kept.error()->correlation_id == error.correlation_id);
  kept.forget();
  CHECK_FALSE(kept.error());
}

TEST_CASE("words that are too long are cut between two characters", "[base][error]") {
  const auto [text, left] = GENERATE(table<std::string, std::string>({
      {"1234567", "1234567"},
      {"12345678", "1234567"},
      {"123456\xc3\xa4", "123456"},  // the room ends within two bytes
      {"1234\xf0\x9f\x98\x80"
       "5",
       "1234"},                            // within four
      {"12345\xc3\xa4", "12345\xc3\xa4"},  // it just fits
      {"\x80\x80\x80\x80\x80\x80\x80\x80\x80", ""},
      {"", ""},
  }));
  CAPTURE(text);
  FixedText<8> fixed;

  fixed.assign(text);

  CHECK(fixed.text() == left);
  CHECK(std::string(fixed.c_str()) == left);
}
