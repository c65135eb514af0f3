// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/form.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("percent_encoded leaves only unreserved characters", "[codec][form]") {
  const auto [value, text] = GENERATE(table<std::string, std::string>({
      {"AZaz09-._~", "AZaz09-._~"},
      // RFC 6749 appendix B: SPACE, percent, ampersand, plus, pound sign and euro sign. A space may
      // be %20 as well as a plus: only %20 is right in a query, too.
      {" %&+\xc2\xa3\xe2\x82\xac", "%20%25%26%2B%C2%A3%E2%82%AC"},
      {"https://client.example.com/cb", "https%3A%2F%2Fclient.example.com%2Fcb"},
      {std::string("\0\r\n", 3), "%00%0D%0A"},
      {"", ""},
  }));

  CHECK(percent_encoded(value) == text);
}

TEST_CASE("FormBody encodes names and values", "[codec][form]") {
  FormBody form;
  form.add("grant_type", "refresh_token").add("refresh_token", "a+b/c=&d").add("x y", "");

  CHECK(form.take().reveal() == "grant_type=refresh_token&refresh_token=a%2Bb%2Fc%3D%26d&x%20y=");
}

TEST_CASE("parse_form reads pairs in order and keeps repeated ones", "[codec][form]") {
  const auto fields = parse_form("state=a+b&code=x%2By%c3%A4&&flag&state=&a=b=c");

  REQUIRE(fields);
  CHECK(*fields ==
        FormFields{
            {"state", "a b"}, {"code", "x+y\xc3\xa4"}, {"flag", ""}, {"state", ""}, {"a", "b=c"}});
}

TEST_CASE("parse_form of nothing is nothing", "[codec][form]") {
  REQUIRE(parse_form(""));
  CHECK(parse_form("")->empty());
}

TEST_CASE("parse_form refuses broken escapes and control characters", "[codec][form]") {
  const auto text = GENERATE(as<std::string>{}, "a=%", "a=%4", "a=%4g", "a=%g4", "%zz=a", "a=%00",
                             "%0d%0aSet-Cookie=a", "a=\x01", "a=%7F", "a=b\n", "a=%1");
  CAPTURE(text);

  CHECK_FALSE(parse_form(text));
}

TEST_CASE("parse_form lets escaped line ends through in a value", "[codec][form]") {
  const auto fields = parse_form("error_description=AADSTS65004%3a+Declined.%0d%0aTrace+ID%09x");

  REQUIRE(fields);
  CHECK(fields->at(0).second == "AADSTS65004: Declined.\r\nTrace ID\tx");
}
