// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/device_authorization.h"

#include "oauth/token_request.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace std::chrono_literals;

namespace {

Client client(std::string_view id, std::string_view secret = "") {
  return Client{{"example", std::string(id), ""}, ClientSecret(Secret(secret))};
}

/// An answer with these members besides the codes.
std::string answer(const std::string& more) {
  return R"({"device_code":"d","user_code":"U")" + more + "}";
}

}  // namespace

TEST_CASE("the request is that of RFC 8628 section 3.1", "[oauth][device]") {
  CHECK(oauth::device_authorization_body(client("1406020730"), "example_scope").reveal() ==
        "client_id=1406020730&scope=example_scope");
}

TEST_CASE("the request is that of Microsoft's page", "[oauth][device]") {
  CHECK(oauth::device_authorization_body(client("535fb089-9ff3-47b6-9bfb-4f1264799865"),
                                         "user.read openid profile")
            .reveal() ==
        "client_id=535fb089-9ff3-47b6-9bfb-4f1264799865&scope=user.read%20openid%20profile");
}

TEST_CASE("a client that has a secret sends it, and full scopes are encoded", "[oauth][device]") {
  CHECK(oauth::device_authorization_body(client("c", "s&t"), "https://m.example/IMAP").reveal() ==
        "client_id=c&client_secret=s%26t&scope=https%3A%2F%2Fm.example%2FIMAP");
}

TEST_CASE("what a provider wants besides goes with the request for a code", "[oauth][device]") {
  CHECK(oauth::device_authorization_body(client("c"), "s", {{"audience", "a b"}}).reveal() ==
        "client_id=c&scope=s&audience=a%20b");
}

TEST_CASE("the answer of RFC 8628 section 3.2 is read", "[oauth][device]") {
  const auto read = oauth::parse_device_authorization(200, R"({
      "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
      "user_code": "WDJB-MJHT",
      "verification_uri": "https://example.com/device",
      "verification_uri_complete":
          "https://example.com/device?user_code=WDJB-MJHT",
      "expires_in": 1800,
      "interval": 5
    })");

  REQUIRE(read);
  CHECK(read->device_code.reveal() == "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS");
  CHECK(read->user_code == "WDJB-MJHT");
  CHECK(read->verification_uri == "https://example.com/device");
  CHECK(read->verification_uri_complete == "https://example.com/device?user_code=WDJB-MJHT");
  CHECK(read->expires_in == 1800s);
  CHECK(read->interval == 5s);
}

TEST_CASE("spans may be strings, missing or nonsense", "[oauth][device]") {
  const auto [more, expires_in, interval] =
      GENERATE(table<std::string, std::chrono::seconds, std::chrono::seconds>({
          {"", 900s, 5s},                                         // section 3.2: 5 when absent
          {R"(,"expires_in":"1800","interval":"7")", 1800s, 7s},  // as token endpoints do
          {R"(,"expires_in":0,"interval":0)", 900s, 5s},          // nobody polls without a pause
          {R"(,"expires_in":-1,"interval":-1)", 900s, 5s},
          {R"(,"expires_in":null,"interval":"x")", 900s, 5s},
          {R"(,"expires_in":99999999999,"interval":1)", 86400s, 1s},
      }));
  CAPTURE(more);

  const auto read = oauth::parse_device_authorization(
      200, answer(R"(,"verification_uri":"https://p.example/d")" + more));

  REQUIRE(read);
  CHECK(read->expires_in == expires_in);
  CHECK(read->interval == interval);
}

TEST_CASE("the address has either name, and has to be one that can be shown", "[oauth][device]") {
  const auto [more, uri, complete] = GENERATE(table<std::string, std::string, std::string>({
      // Google's name, of a draft
      {R"(,"verification_url":"https://www.google.com/device")", "https://www.google.com/device",
       ""},
      {R"(,"verification_uri":"http://127.0.0.1:8080/d")", "http://127.0.0.1:8080/d", ""},
      {R"(,"verification_uri":"https://p.example/d","verification_uri_complete":"javascript:x")",
       "https://p.example/d", ""},
      {R"(,"verification_uri":"https://p.example/d","verification_uri_complete":null)",
       "https://p.example/d", ""},
      // a page that reads its code behind the "#"
      {R"(,"verification_uri":"https://p.example/#d","verification_uri_complete":"https://p.example/#d/U")",
       "https://p.example/#d", "https://p.example/#d/U"},
  }));
  CAPTURE(more);

  const auto read = oauth::parse_device_authorization(200, answer(more));

  REQUIRE(read);
  CHECK(read->verification_uri == uri);
  CHECK(read->verification_uri_complete == complete);
}

TEST_CASE("an answer that nobody could use is the peer's fault", "[oauth][device]") {
  const auto body = GENERATE(
      as<std::string>{}, "", "<html>", "[]", "{}",
      R"({"user_code":"U","verification_uri":"https://p.example/d"})",
      R"({"device_code":"","user_code":"U","verification_uri":"https://p.example/d"})",
      R"({"device_code":"d","verification_uri":"https://p.example/d"})",
      R"({"device_code":"d","user_code":"U"})",
      R"({"device_code":"d","user_code":"U","verification_uri":"http://p.example/d"})",
      R"({"device_code":"d","user_code":"U","verification_uri":"file:///etc/passwd"})",
      R"({"device_code":"d","user_code":"\u001b[2J","verification_uri":"https://p.example/d"})",
      R"({"device_code":"d\n","user_code":"U","verification_uri":"https://p.example/d"})");
  CAPTURE(body);

  const auto read = oauth::parse_device_authorization(200, body);

  REQUIRE_FALSE(read);
  CHECK(read.error().kind == Error::Kind::kProtocol);
  CHECK(read.error().what.find("200") != std::string::npos);
}

TEST_CASE("errors keep the kinds of the token endpoint", "[oauth][device]") {
  const auto [status, body, kind, word] =
      GENERATE(table<int, std::string, Error::Kind, std::string>({
          {400, R"({"error":"invalid_scope"})", Error::Kind::kConfig, "scopes"},
          {401, R"({"error":"invalid_client"})", Error::Kind::kConfig, "public client"},
          {400, R"({"error":"unauthorized_client"})", Error::Kind::kConfig, "public client"},
          {503, "<html>", Error::Kind::kTransient, "later"},
          {429, "", Error::Kind::kTransient, "later"},
          {404, "<html>", Error::Kind::kProtocol, "a code to sign in"},
          {200, R"({"error":"invalid_client"})", Error::Kind::kConfig, "client"},
      }));
  CAPTURE(status, body);

  const auto read = oauth::parse_device_authorization(status, body);

  REQUIRE_FALSE(read);
  CHECK(read.error().kind == kind);
  CHECK(read.error().what.find(word) != std::string::npos);
}
