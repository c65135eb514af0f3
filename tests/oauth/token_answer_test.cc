// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/token_answer.h"

#include "support/catch.h"

using namespace mail_oauth;
using Kind = Error::Kind;

namespace {

constexpr int kHour = 3600;
constexpr int kTenYears = 10 * 366 * 24 * 3600;

}  // namespace

TEST_CASE("parse_tokens reads the example of RFC 6749 section 5.1", "[oauth][token_answer]") {
  const auto tokens = oauth::parse_tokens(
      200,
      R"({"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,
          "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","example_parameter":"example_value"})");

  REQUIRE_FALSE(tokens);  // its type is "example", which is none of ours
  CHECK(tokens.error().kind == Kind::kProtocol);
}

TEST_CASE("parse_tokens reads an answer of Microsoft's form", "[oauth][token_answer]") {
  const auto tokens = oauth::parse_tokens(
      200, R"({"token_type":"Bearer","scope":"https://outlook.office.com/IMAP.AccessAsUser.All",)"
           R"("expires_in":3599,"ext_expires_in":3599,"access_token":"EwBAAl3BAAUFFpUA",)"
           R"("refresh_token":"M.C507_BAY","id_token":"a.b.c"})");

  REQUIRE(tokens);
  CHECK(tokens->access_token.reveal() == "EwBAAl3BAAUFFpUA");
  CHECK(tokens->refresh_token.reveal() == "M.C507_BAY");
  CHECK(tokens->id_token.reveal() == "a.b.c");
  CHECK(tokens->expires_in == std::chrono::seconds(3599));
  CHECK(tokens->scope == "https://outlook.office.com/IMAP.AccessAsUser.All");
}

TEST_CASE("parse_tokens takes what may be missing as missing", "[oauth][token_answer]") {
  const auto body = GENERATE(
      as<std::string>{}, R"({"access_token":"a"})",
      R"({"access_token":"a","refresh_token":null,"id_token":null,"scope":null,"token_type":null})");

  const auto tokens = oauth::parse_tokens(200, body);

  REQUIRE(tokens);
  CHECK(tokens->refresh_token.empty());
  CHECK(tokens->id_token.empty());
  CHECK(tokens->scope.empty());
  CHECK(tokens->expires_in == std::chrono::seconds(kHour));
}

TEST_CASE("expires_in is read in the forms that providers send", "[oauth][token_answer]") {
  const auto [value, seconds] = GENERATE(table<std::string, int>({
      {"3599", 3599},
      {"\"3599\"", 3599},
      {"3599.0", 3599},
      {"31536000", 31'536'000},
      {"0", kHour},  // never a token that is refreshed without end
      {"-1", kHour},
      {"\"-1\"", kHour},
      {"null", kHour},
      {"\"\"", kHour},
      {"\"soon\"", kHour},
      {"\"3599 \"", kHour},
      {"[]", kHour},
      {"9223372036854775807", kTenYears},
      {"\"9223372036854775807\"", kTenYears},
      {"1e300", kHour},
      {"\"99999999999999999999999\"", kHour},
  }));
  CAPTURE(value);

  const auto tokens =
      oauth::parse_tokens(200, R"({"access_token":"a","expires_in":)" + value + "}");

  REQUIRE(tokens);
  CHECK(tokens->expires_in == std::chrono::seconds(seconds));
}

TEST_CASE("token_type has any case", "[oauth][token_answer]") {
  const auto type = GENERATE(as<std::string>{}, "Bearer", "bearer", "BEARER", "");

  CHECK(oauth::parse_tokens(200, R"({"access_token":"a","token_type":")" + type + "\"}"));
}

TEST_CASE("parse_tokens reports a broken peer and repeats nothing", "[oauth][token_answer]") {
  const auto body = GENERATE(
      as<std::string>{}, "", "<html>hunter2</html>", "access_token=hunter2&token_type=bearer",
      "\"hunter2\"", "[]", "{}", R"({"access_token":""})", R"({"access_token":null})",
      R"({"access_token":7})", R"({"access_token":"hunter2","token_type":"mac"})",
      R"({"access_token":"hunter2","token_type":"DPoP"})",
      R"({"access_token":"hunter2","token_type":7})",
      R"({"access_token":"hunter2\r\nA2 LOGOUT"})",              // a second IMAP command
      R"({"access_token":"hunter2\u0001"})",                     // ends a SASL field
      R"({"access_token":"hunter2\u0000"})",                     //
      "{\"access_token\":\"hunter2\xc3\xa4\"}",                  //
      R"({"access_token":"hunter2","refresh_token":"\u007f"})",  //
      R"({"access_token":"hunter2","refresh_token":[]})",        //
      R"({"access_token":"hunter2","id_token":"\n"})",           //
      R"({"access_token":"hunter2","scope":["mail"]})",          //
      R"({"access_token":"hunter2","access_token":"other"})");
  CAPTURE(body);

  const auto tokens = oauth::parse_tokens(200, body);

  REQUIRE_FALSE(tokens);
  CHECK(tokens.error().kind == Kind::kProtocol);
  CHECK(tokens.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("tokens in an answer that is no success are not taken", "[oauth][token_answer]") {
  CHECK_FALSE(oauth::parse_tokens(400, R"({"access_token":"a"})"));
  CHECK_FALSE(oauth::parse_tokens(302, R"({"access_token":"a"})"));
}

TEST_CASE("an error that comes with status 200 is an error", "[oauth][token_answer]") {
  CHECK(oauth::parse_tokens(200, R"({"error":"invalid_grant"})").error().kind ==
        Kind::kReauthorize);
}

TEST_CASE("classify_error goes by error field and status", "[oauth][token_answer]") {
  const auto [status, code, kind] = GENERATE(table<int, std::string, Kind>({
      {400, "invalid_grant", Kind::kReauthorize},
      {400, "interaction_required", Kind::kReauthorize},
      {400, "consent_required", Kind::kReauthorize},
      {400, "login_required", Kind::kReauthorize},
      {400, "INVALID_REFRESH_TOKEN", Kind::kReauthorize},
      {408, "anything", Kind::kTransient},
      {425, "anything", Kind::kTransient},
      {429, "anything", Kind::kTransient},
      {503, "invalid_grant", Kind::kTransient},  // a front end's word is not the server's
      {400, "temporarily_unavailable", Kind::kTransient},
      {400, "server_error", Kind::kTransient},
      {401, "invalid_client", Kind::kConfig},
      {400, "unauthorized_client", Kind::kConfig},
      {400, "invalid_scope", Kind::kConfig},
      {400, "unsupported_grant_type", Kind::kConfig},
      {400, "invalid_request", Kind::kConfig},
      {400, "access_denied", Kind::kRefused},
      {403, "org_internal", Kind::kRefused},
  }));
  CAPTURE(status, code);

  const Error error = oauth::classify_error(status, R"({"error":")" + code + "\"}");

  CHECK(error.kind == kind);
  CHECK(error.code == code);
  CHECK_FALSE(error.what.empty());
}

TEST_CASE("classify_error without an error field", "[oauth][token_answer]") {
  const auto [status, body, kind] = GENERATE(table<int, std::string, Kind>({
      {400, "", Kind::kProtocol},
      {400, "{}", Kind::kProtocol},
      {404, "<html>hunter2</html>", Kind::kProtocol},
      {400, R"({"error":""})", Kind::kProtocol},
      {400, R"({"error":{"code":400,"message":"hunter2"}})", Kind::kProtocol},
      {302, "", Kind::kProtocol},
      {400, R"({"error":"invalid_grant","error":"hunter2"})", Kind::kProtocol},
      {500, "", Kind::kTransient},
      {502, "<html>hunter2</html>", Kind::kTransient},
      {429, "hunter2", Kind::kTransient},
      {408, "", Kind::kTransient},  // RFC 9110 section 15.5.9: "repeat the request"
      {425, "", Kind::kTransient},  // RFC 8470 section 5.2
  }));
  CAPTURE(status, body);

  const Error error = oauth::classify_error(status, body);

  CHECK(error.kind == kind);
  CHECK(error.code.empty());
  CHECK(error.what.find("hunter2") == std::string::npos);
}

TEST_CASE("an error of Microsoft's form keeps words, code and correlation id",
          "[oauth][token_answer]") {
  const Error error = oauth::classify_error(
      400,
      R"({"error":"invalid_grant","error_description":"AADSTS70000: The provided value for the )"
      R"(input parameter is not valid.\r\nTrace ID: 255d1aef-8c98-452f-ac51-23d051240864\r\n)"
      R"(Timestamp: 2016-01-09 02:02:12Z","error_codes":[70000],)"
      R"("timestamp":"2016-01-09 02:02:12Z","trace_id":"255d1aef-8c98-452f-ac51-23d051240864",)"
      R"("correlation_id":"fb3d2015-bc17-4bb9-bb85-30c5cf1aaaa7","suberror":"bad_token"})");

  CHECK(error.kind == Kind::kReauthorize);
  CHECK(error.code == "invalid_grant");
  CHECK(error.correlation_id == "fb3d2015-bc17-4bb9-bb85-30c5cf1aaaa7");
  CHECK(error.what ==
        "The provider wants a new sign-in. It says: AADSTS70000: The provided value for the input "
        "parameter is not valid.");
}

TEST_CASE("numbers in the text decide nothing", "[oauth][token_answer]") {
  const Error error = oauth::classify_error(
      400, R"({"error":"invalid_client","error_description":"AADSTS70008","error_codes":[70008]})");

  CHECK(error.kind == Kind::kConfig);
}

TEST_CASE("errors of Google's form are read", "[oauth][token_answer]") {
  const Error ended = oauth::classify_error(
      400, R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})");
  const Error unknown = oauth::classify_error(
      401, R"({"error":"invalid_client","error_description":"The OAuth client was not found."})");

  CHECK(ended.kind == Kind::kReauthorize);
  CHECK(ended.what ==
        "The provider wants a new sign-in. It says: Token has been expired or revoked.");
  CHECK(unknown.kind == Kind::kConfig);
  CHECK(unknown.what.find("The OAuth client was not found.") != std::string::npos);
}

TEST_CASE("an error never contains a token that the provider echoed", "[oauth][token_answer]") {
  const std::string token = "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA";
  const auto body = GENERATE_COPY(
      as<std::string>{},  //
      R"({"error":"invalid_grant","error_description":"bad token )" + token + "\"}",
      R"({"error":")" + token + "\"}", R"({"error":"x","correlation_id":")" + token + "\"}",
      R"({"error":"x","error_description":"a\u0007)" + token + R"(\u001b[0m"})",
      R"({"error":"x","error_description":")" + std::string(290, ' ') + token + "\"}",
      R"({"error":"x","error_description":"x )" + std::string(290, '.') + token + "\"}");
  CAPTURE(body);

  const Error error = oauth::classify_error(400, body);

  const std::string all = error.what + error.code + error.correlation_id;
  CHECK(all.find("EwBA") == std::string::npos);
  CHECK(all.find("EoAA") == std::string::npos);
  CHECK(all.find('\x1b') == std::string::npos);
  CHECK(error.what.size() < 400);
}

TEST_CASE("the answer to a refresh token may say odd things beside the tokens", "[oauth][tokens]") {
  const auto odd = GENERATE(as<std::string>{}, R"("scope":"mail Café")", R"("scope":["a"])",
                            R"("id_token":"\u0007")", R"("id_token":{})");
  CAPTURE(odd);
  const std::string body = R"({"access_token":"A","refresh_token":"R",)" + odd + "}";

  CHECK_FALSE(oauth::parse_tokens(200, body));
  const auto tokens = oauth::parse_renewal(200, body);
  REQUIRE(tokens);
  CHECK(tokens->refresh_token.reveal() == "R");
  CHECK(tokens->scope.empty());
  CHECK(tokens->id_token.empty());
}

TEST_CASE("a refresh token is read from whatever came with a 2xx", "[oauth][tokens]") {
  const auto [status, body, found] = GENERATE(table<int, std::string, std::string>({
      {200, R"({"refresh_token":"R"})", "R"},
      {201, R"({"refresh_token":"R","scope":"a","scope":"b"})", "R"},
      {200, R"({"access_token":"A","token_type":"mac","refresh_token":"R"})", "R"},
      {200, R"({"refresh_token":"R\u0007"})", ""},
      {200, R"({"refresh_token":7})", ""},
      {200, "<html>", ""},
      {400, R"({"error":"invalid_grant","refresh_token":"R"})", ""},
  }));
  CAPTURE(status, body);

  CHECK(oauth::refresh_token_of(status, body).reveal() == found);
}
