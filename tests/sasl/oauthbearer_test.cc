// SPDX-License-Identifier: GPL-3.0-or-later
#include "sasl/oauthbearer.h"

#include "crypto/digest.h"
#include "support/catch.h"

using namespace mail_oauth;
using sasl::oauthbearer::encoded_size;
using sasl::oauthbearer::initial_response;
using sasl::oauthbearer::parse_refusal;

namespace {

AccessToken token(std::string_view bytes) { return AccessToken{Secret(bytes)}; }

constexpr std::string_view kRfcToken = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";

}  // namespace

TEST_CASE("OAUTHBEARER: initial_response is that of RFC 7628 section 4.1", "[sasl][oauthbearer]") {
  const auto response =
      initial_response({"user@example.com", "server.example.com", 143}, token(kRfcToken));

  REQUIRE(response.has_value());
  CHECK(response->reveal() ==
        "n,a=user@example.com,\1host=server.example.com\1port=143\1"
        "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1");
  CHECK(crypto::base64(response->reveal())->reveal() ==
        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVy"
        "IHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
}

TEST_CASE("host and port may be left out", "[sasl][oauthbearer]") {
  CHECK(initial_response({"a@b.c", "", 0}, token("t"))->reveal() ==
        "n,a=a@b.c,\1auth=Bearer t\1\1");
}

TEST_CASE("the user is escaped as RFC 5801 section 4 says", "[sasl][oauthbearer]") {
  CHECK(initial_response({"a=b,c@d", "", 0}, token("t"))->reveal() ==
        "n,a=a=3Db=2Cc@d,\1auth=Bearer t\1\1");
}

TEST_CASE("OAUTHBEARER: initial_response refuses what would break its framing",
          "[sasl][oauthbearer]") {
  const auto [user, host, port, bytes] =
      GENERATE(table<std::string, std::string, int, std::string>({
          {"", "h", 993, "hunter2"},
          {"a@b.c", "h", 993, ""},
          {"a@b.c\1auth=Bearer mallory", "h", 993, "hunter2"},
          {"a@b.c", "h\1port=1", 993, "hunter2"},
          {"a@b.c", "h", 993, "hunter2\1"},
          {"a@b.c", "h", 993, "hunter2\r\nA2 LOGOUT"},
          {std::string("a\0b", 3), "h", 993, "hunter2"},
          {"a@b.c", std::string("h\0", 2), 993, "hunter2"},
          {"a@b.c", "h", -1, "hunter2"},
          {"a@b.c", "h", 65536, "hunter2"},
      }));
  CAPTURE(user, host, port);

  const auto response = initial_response({user, host, port}, token(bytes));

  REQUIRE_FALSE(response.has_value());
  CHECK(response.error().kind == Error::Kind::kConfig);
  CHECK(response.error().what.find("hunter2") == std::string::npos);
  CHECK_FALSE(encoded_size({user, host, port}, token(bytes)).has_value());
}

TEST_CASE("OAUTHBEARER: encoded_size is the length on the wire", "[sasl][oauthbearer]") {
  CHECK(*encoded_size({"user@example.com", "server.example.com", 143}, token(kRfcToken)) == 148);
}

TEST_CASE("OAUTHBEARER: parse_refusal reads the challenge of RFC 7628 section 4.3",
          "[sasl][oauthbearer]") {
  const auto challenge = crypto::base64_decoded(
      "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYX"
      "Rpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=");
  REQUIRE(challenge);

  const auto refusal = parse_refusal(*challenge);

  REQUIRE(refusal.has_value());
  CHECK(refusal->status == "invalid_token");
  CHECK(refusal->stale_token());
  CHECK(refusal->scope == "example_scope");
  CHECK(refusal->openid_configuration == "https://example.com/.well-known/openid-configuration");
}

TEST_CASE("the answer to a refusal is a single ^A", "[sasl][oauthbearer]") {
  CHECK(crypto::base64(sasl::oauthbearer::kRefusalAnswer)->reveal() == "AQ==");
}

TEST_CASE("a refusal for want of scope is no stale token", "[sasl][oauthbearer]") {
  CHECK_FALSE(parse_refusal(R"({"status":"insufficient_scope"})")->stale_token());
}

TEST_CASE("a refusal is fit to be shown", "[sasl][oauthbearer]") {
  const auto refusal =
      parse_refusal(R"({"status":"EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA","scope":"a\u001b[2J",)"
                    R"("openid-configuration":"http://example.com"})");

  REQUIRE(refusal.has_value());
  CHECK(refusal->status.empty());
  CHECK(refusal->scope == "a[2J");
  CHECK(refusal->openid_configuration.empty());
}

TEST_CASE("OAUTHBEARER: parse_refusal reports a broken peer", "[sasl][oauthbearer]") {
  const auto challenge = GENERATE(as<std::string>{}, "", "{", "[]", "{}", R"({"status":401})",
                                  R"({"status":""})", "hunter2");
  CAPTURE(challenge);

  const auto refusal = parse_refusal(challenge);

  REQUIRE_FALSE(refusal.has_value());
  CHECK(refusal.error().kind == Error::Kind::kProtocol);
  CHECK(refusal.error().what.find("hunter2") == std::string::npos);
}
