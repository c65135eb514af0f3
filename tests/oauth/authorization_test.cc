// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/authorization.h"

#include "support/catch.h"

using namespace mail_oauth;
using Kind = Error::Kind;

namespace {

Provider provider() {
  Provider made;
  made.name = "Example";
  made.file = "example.json";
  made.endpoints.authorization = "https://login.example/authorize";
  made.scopes.mail[Protocol::kImap] = {"https://mail.example/IMAP"};
  made.scopes.mail[Protocol::kSmtp] = {"https://mail.example/SMTP", "https://mail.example/IMAP"};
  made.scopes.always = {"offline_access"};
  made.scopes.identity = {"openid", "offline_access"};
  return made;
}

const ClientKey kClient = {"example", "s6BhdRkqt3", ""};

oauth::ExpectedRedirect expected(std::string issuer = "", Presence iss = Presence::kOptional) {
  return {"xyz", std::move(issuer), iss};
}

constexpr std::string_view kGuid = "9122040d-6c67-4c5b-b112-36a304b66dad";

}  // namespace

TEST_CASE("requested_scope names each scope once", "[oauth][authorization]") {
  CHECK(*oauth::requested_scope(provider(), {Protocol::kImap, Protocol::kSmtp}) ==
        "https://mail.example/IMAP https://mail.example/SMTP offline_access openid");
  CHECK(*oauth::requested_scope(provider(), {}) == "offline_access openid");
}

TEST_CASE("a protocol without scopes is named", "[oauth][authorization]") {
  Provider empty = provider();
  empty.scopes.mail[Protocol::kPop] = {};
  const Provider made = GENERATE_REF(provider(), empty);

  const auto scope = oauth::requested_scope(made, {Protocol::kImap, Protocol::kPop});

  REQUIRE_FALSE(scope);
  CHECK(scope.error().kind == Kind::kConfig);
  CHECK(scope.error().what.find("POP3") != std::string::npos);
}

TEST_CASE("authorization_url encodes every value", "[oauth][authorization]") {
  const Provider made = provider();

  const auto url = oauth::authorization_url({made,
                                             kClient,
                                             {Protocol::kImap},
                                             "http://127.0.0.1:49152/",
                                             "xyz",
                                             "E9Melhoa2Ow-cM",
                                             "alice+x@example.com"});

  REQUIRE(url);
  CHECK(*url ==
        "https://login.example/authorize?response_type=code&client_id=s6BhdRkqt3"
        "&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F"
        "&scope=https%3A%2F%2Fmail.example%2FIMAP%20offline_access%20openid&state=xyz"
        "&code_challenge=E9Melhoa2Ow-cM&code_challenge_method=S256"
        "&login_hint=alice%2Bx%40example.com");
}

TEST_CASE("parameters of the manifest are added and replace none of ours",
          "[oauth][authorization]") {
  Provider made = provider();
  made.endpoints.authorization += "?brand=1";
  made.authorization_parameters = {{"prompt", "select_account"},
                                   {"state", "theirs"},
                                   {"code_challenge_method", "plain"},
                                   {"login_hint", "bob"},
                                   {"nonce", "n-theirs"}};

  const auto url =
      oauth::authorization_url({made, kClient, {}, "http://localhost/", "xyz", "c", "", "n-0S6"});

  REQUIRE(url);
  CHECK(url->find("authorize?brand=1&response_type=code&") != std::string::npos);
  CHECK(url->find("&prompt=select_account") != std::string::npos);
  CHECK(url->find("theirs") == std::string::npos);
  CHECK(url->find("plain") == std::string::npos);
  CHECK(url->find("login_hint") == std::string::npos);
  CHECK(url->find("&nonce=n-0S6") != std::string::npos);
}

TEST_CASE("authorization_url fails like requested_scope", "[oauth][authorization]") {
  const Provider made = provider();

  const auto url = oauth::authorization_url(
      {made, kClient, {Protocol::kPop}, "http://localhost/", "s", "c", ""});

  REQUIRE_FALSE(url);
  CHECK(url.error().kind == Kind::kConfig);
}

TEST_CASE("parse_redirect reads the example of RFC 6749 section 4.1.2", "[oauth][authorization]") {
  const auto code = oauth::parse_redirect("code=SplxlOBeZQQYbYS6WxSbIA&state=xyz", expected());

  REQUIRE(code);
  CHECK(code->reveal() == "SplxlOBeZQQYbYS6WxSbIA");
}

TEST_CASE("parse_redirect decodes, and passes over what it does not know",
          "[oauth][authorization]") {
  const auto code = oauth::parse_redirect(
      "state=xyz&code=4%2F0Ab_x%2By&scope=a+b&authuser=0&session_state=1&x=1&x=2", expected());

  REQUIRE(code);
  CHECK(code->reveal() == "4/0Ab_x+y");
}

TEST_CASE("an answer to something else is refused and not repeated", "[oauth][authorization]") {
  const auto query = GENERATE(
      as<std::string>{}, "", "code=hunter2", "code=hunter2&state=", "code=hunter2&state=xyZ",
      "code=hunter2&state=xyz1", "code=hunter2&state=xyz&state=xyz",
      "code=hunter2&code=b&state=xyz", "state=xyz", "state=xyz&code=", "code=hunter2%00&state=xyz",
      "code=hunter2%0d%0a&state=xyz", "code=hunter2&state=xyz&x=%zz",
      "code=hunter2%C3%A4&state=xyz", "error=access_denied", "error=access_denied&state=other",
      "error=a&error=b&state=xyz", "code=hunter2&STATE=xyz");
  CAPTURE(query);

  const auto code = oauth::parse_redirect(query, expected());

  REQUIRE_FALSE(code);
  CHECK(code.error().kind == Kind::kProtocol);
  CHECK(code.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("an empty state is never expected", "[oauth][authorization]") {
  CHECK_FALSE(oauth::parse_redirect("code=a&state=", {"", "", Presence::kOptional}));
  CHECK_FALSE(oauth::carries_state("state=", ""));
}

TEST_CASE("iss is checked whenever it arrives", "[oauth][authorization]") {
  const std::string ours = "https://login.example";
  const auto [query, issuer, presence, good] =
      GENERATE_COPY(table<std::string, std::string, Presence, bool>({
          {"", ours, Presence::kOptional, true},
          {"", ours, Presence::kForbidden, true},
          {"", ours, Presence::kRequired, false},  // RFC 9207 section 2.4
          {"&iss=https%3A%2F%2Flogin.example", ours, Presence::kRequired, true},
          {"&iss=https%3A%2F%2Flogin.example", ours, Presence::kOptional, true},
          {"&iss=https%3A%2F%2Flogin.example%2F", ours, Presence::kOptional, false},
          {"&iss=https%3A%2F%2Fevil.example", ours, Presence::kOptional, false},
          {"&iss=", ours, Presence::kOptional, false},
          {"&iss=https%3A%2F%2Flogin.example", ours, Presence::kForbidden, false},
          {"&iss=https%3A%2F%2Flogin.example&iss=https%3A%2F%2Flogin.example", ours,
           Presence::kOptional, false},
          {"&iss=anything", "", Presence::kOptional, true},   // nothing to compare with
          {"&iss=anything", "", Presence::kRequired, false},  //
      }));
  CAPTURE(query, issuer);

  const auto code = oauth::parse_redirect("code=a&state=xyz" + query, expected(issuer, presence));

  CHECK(code.has_value() == good);
  if (!good) CHECK(code.error().kind == Kind::kProtocol);
}

TEST_CASE("a wrong iss shows both issuers, and no override of a terminal",
          "[oauth][authorization]") {
  const auto code = oauth::parse_redirect("code=a&state=xyz&iss=https%3A%2F%2Fevil.example%E2%80%AE",
                                          expected("https://login.example"));

  REQUIRE_FALSE(code);
  CHECK(code.error().what ==
        "The answer comes from another provider than the one asked (iss): it names the issuer "
        "\"https://evil.example\", and \"https://login.example\" was asked.");
}

TEST_CASE("an error from another issuer is not believed", "[oauth][authorization]") {
  const auto code = oauth::parse_redirect("error=access_denied&state=xyz&iss=https%3A%2F%2Fevil",
                                          expected("https://login.example"));

  CHECK(code.error().kind == Kind::kProtocol);
}

TEST_CASE("errors in the redirect become kinds", "[oauth][authorization]") {
  const auto [query, kind, words] = GENERATE(table<std::string, Kind, std::string>({
      {"error=access_denied", Kind::kCancelled, "declined"},
      {"error=access_denied&error_subcode=cancel&error_description=AADSTS65004%3A+declined+it",
       Kind::kCancelled, "AADSTS65004: declined it"},
      {"error=access_denied&error_description=AADSTS90094%3A+Admin+consent+needed", Kind::kRefused,
       "AADSTS90094: Admin consent needed"},
      {"error=server_error", Kind::kTransient, "Try again"},
      {"error=temporarily_unavailable", Kind::kTransient, "Try again"},
      {"error=invalid_request", Kind::kRefused, "refused"},
      {"error=unauthorized_client", Kind::kRefused, "refused"},
      {"error=unsupported_response_type", Kind::kRefused, "refused"},
      {"error=invalid_scope&code=a", Kind::kRefused, "refused"},
      {"error=", Kind::kRefused, "refused"},
  }));
  CAPTURE(query);

  const auto code = oauth::parse_redirect(query + "&state=xyz", expected());

  REQUIRE_FALSE(code);
  CHECK(code.error().kind == kind);
  CHECK(code.error().what.find(words) != std::string::npos);
}

TEST_CASE("an error in the redirect shows no token", "[oauth][authorization]") {
  const std::string token = "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA";

  const auto code = oauth::parse_redirect(
      "state=xyz&error=" + token + "&error_description=it+was+" + token, expected());

  REQUIRE_FALSE(code);
  CHECK((code.error().what + code.error().code).find("EwBA") == std::string::npos);
}

TEST_CASE("carries_state tells an answer from other requests", "[oauth][authorization]") {
  const auto [query, ours] = GENERATE(table<std::string, bool>({
      {"code=a&state=xyz", true},
      {"state=xyz", true},
      {"state=other&state=xyz", true},  // for parse_redirect to complain about
      {"state=xyzz", false},
      {"state=xy", false},
      {"xstate=xyz", false},
      {"", false},
      {"state=xyz&a=%", false},
  }));
  CAPTURE(query);

  CHECK(oauth::carries_state(query, "xyz") == ours);
}

TEST_CASE("{tenantid} stands for a GUID and nothing else", "[oauth][authorization]") {
  const std::string pattern = "https://login.example/{tenantid}/v2.0";
  const std::string guid(kGuid);

  CHECK(oauth::issuer_matches(pattern, "https://login.example/" + guid + "/v2.0"));
  CHECK_FALSE(oauth::issuer_matches(pattern, "https://login.example/common/v2.0"));
  CHECK_FALSE(oauth::issuer_matches(pattern, "https://login.example//v2.0"));
  CHECK_FALSE(oauth::issuer_matches(pattern, "https://login.example/" + guid + "/v2.0/"));
  CHECK_FALSE(oauth::issuer_matches(pattern, "https://evil.example/" + guid + "/v2.0"));
  CHECK_FALSE(oauth::issuer_matches(pattern, "https://login.example/v2.0"));
  CHECK_FALSE(oauth::issuer_matches(pattern, ""));
  CHECK_FALSE(oauth::issuer_matches("", ""));
  CHECK(oauth::issuer_matches("https://a", "https://a"));
}
