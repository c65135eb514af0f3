// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/base64url.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("base64url gives the vectors of RFC 4648 section 10, unpadded", "[codec][base64url]") {
  const auto [bytes, text] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"f", "Zg"},
      {"fo", "Zm8"},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg"},
      {"fooba", "Zm9vYmE"},
      {"foobar", "Zm9vYmFy"},
      {"\x03\xec\xff\xe0\xc1", "A-z_4ME"},  // RFC 7515 appendix C
  }));
  CAPTURE(text);

  CHECK(base64url(bytes) == text);
  CHECK(base64url_decoded(text) == bytes);
}

TEST_CASE("base64url_decoded takes nothing else", "[codec][base64url]") {
  const auto text =
      GENERATE(as<std::string>{}, "Z", "Zg==", "Zg+/", "Zg\n", "Zm9vY", " Zg", "Zg\xc3\xa4");
  CAPTURE(text);

  CHECK_FALSE(base64url_decoded(text).has_value());
}
