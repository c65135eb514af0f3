// SPDX-License-Identifier: GPL-3.0-or-later
#include "sasl/xoauth2.h"

#include "crypto/digest.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

AccessToken bearer_token(std::string_view bytes) { return AccessToken{Secret(bytes)}; }

}  // namespace

TEST_CASE("initial_response is the layout Google documents", "[sasl][xoauth2]") {
  const auto response = sasl::initial_response("someuser@example.com", bearer_token("ya29.vF9"));

  REQUIRE(response.has_value());
  CHECK(response->reveal() == "user=someuser@example.com\1auth=Bearer ya29.vF9\1\1");
}

TEST_CASE("initial_response is the vector that Microsoft documents", "[sasl][xoauth2]") {
  const auto response = sasl::initial_response(
      "test@contoso.onmicrosoft.com", bearer_token("EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA"));

  REQUIRE(response.has_value());
  CHECK(crypto::base64(response->reveal())->reveal() ==
        "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0oz"
        "VmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==");
}

TEST_CASE("initial_response refuses what would break its framing", "[sasl][xoauth2]") {
  const auto [user, bytes] = GENERATE(table<std::string, std::string>({
      {"", "hunter2"},                            // nobody
      {"a@b.c", ""},                              // no token
      {"a@b.c\1auth=Bearer mallory", "hunter2"},  // a field smuggled in the user
      {"a@b.c", "hunter2\1\1"},                   // a field smuggled in the token
      {"a@b.c", std::string("hunter2\0x", 9)},    // NUL
      {std::string("a\0@b.c", 6), "hunter2"},     //
      {"a@b.c", "hunter2\r\nA2 LOGOUT"},          // a second IMAP command
      {"a@b.c\x7f", "hunter2"},                   // DEL
  }));
  CAPTURE(user);

  const auto response = sasl::initial_response(user, bearer_token(bytes));

  REQUIRE_FALSE(response.has_value());
  CHECK(response.error().kind == Error::Kind::kConfig);
  CHECK(response.error().what.find("LOGOUT") == std::string::npos);  // not echoed
  CHECK(response.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("a name beyond ASCII is carried as it is", "[sasl][xoauth2]") {
  CHECK(sasl::initial_response("\xc3\xa4@b.c", bearer_token("t"))->reveal() ==
        "user=\xc3\xa4@b.c\1auth=Bearer t\1\1");
}

TEST_CASE("encoded_size is the length on the wire", "[sasl][xoauth2]") {
  CHECK(sasl::encoded_size("test@contoso.onmicrosoft.com",
                           bearer_token("EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA")) == 120);
  for (std::size_t size = 1; size < 2600; size += 97) {
    const AccessToken some = bearer_token(std::string(size, 'x'));
    const auto response = sasl::initial_response("alice@example.com", some);
    CHECK(sasl::encoded_size("alice@example.com", some) ==
          crypto::base64(response->reveal())->size());
  }
}

TEST_CASE("parse_refusal accepts a status in either JSON type", "[sasl][xoauth2]") {
  const auto [challenge, status, stale] = GENERATE(table<std::string, int, bool>({
      {R"({"status":"401","schemes":"bearer","scope":"https://mail.google.com/"})", 401, true},
      {R"({"status":400})", 400, true},
      {R"({"status":"403"})", 403, false},
      {R"({"status":"500"})", 500, false},
  }));

  const auto refusal = sasl::parse_refusal(challenge);

  REQUIRE(refusal.has_value());
  CHECK(refusal->status == status);
  CHECK(refusal->stale_token() == stale);
}

TEST_CASE("the scope of a refusal is fit to be shown", "[sasl][xoauth2]") {
  CHECK(sasl::parse_refusal(R"({"status":"400","scope":"https://mail.google.com/"})")->scope ==
        "https://mail.google.com/");
  CHECK(sasl::parse_refusal(R"({"status":400,"scope":"a\u001b[2J"})")->scope == "a[2J");
  CHECK(sasl::parse_refusal(R"({"status":400,"scope":7})")->scope.empty());
}

TEST_CASE("parse_refusal reports a broken peer", "[sasl][xoauth2]") {
  const auto challenge =
      GENERATE(as<std::string>{}, "", "{", "[]", "{}", R"({"status":"no"})", R"({"status":""})",
               R"({"status":"401 "})", R"({"status":-401})", R"({"status":40100})",
               R"({"status":99999999999})", R"({"status":"99999999999"})", R"({"status":null})",
               "eyJzdGF0dXMiOiI0MDEifQ==");
  CAPTURE(challenge);

  const auto refusal = sasl::parse_refusal(challenge);

  REQUIRE_FALSE(refusal.has_value());
  CHECK(refusal.error().kind == Error::Kind::kProtocol);
}
