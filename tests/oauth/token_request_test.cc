// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/token_request.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

Client client(std::string_view id, std::string_view secret = "") {
  return Client{{"example", std::string(id), ""}, ClientSecret(Secret(secret))};
}

}  // namespace

TEST_CASE("a code is redeemed as in RFC 6749 section 4.1.3 and RFC 7636 section 4.5",
          "[oauth][token_request]") {
  const AuthorizationCode code(Secret("SplxlOBeZQQYbYS6WxSbIA"));
  const CodeVerifier verifier(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

  const Secret body = oauth::redemption_body(
      client("s6BhdRkqt3"),
      {code, verifier, "https://client.example.com/cb", "https://mail.example/IMAP offline"});

  CHECK(body.reveal() ==
        "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA"
        "&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb"
        "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&client_id=s6BhdRkqt3"
        "&scope=https%3A%2F%2Fmail.example%2FIMAP%20offline");
}

TEST_CASE("a refresh is that of RFC 6749 section 6", "[oauth][token_request]") {
  const RefreshToken token(Secret("tGzv3JOkF0XG5Qx2TlKWIA"));

  CHECK(oauth::refresh_body(client("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw"), token, "").reveal() ==
        "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA&client_id=s6BhdRkqt3"
        "&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw");
}

TEST_CASE("every value is encoded", "[oauth][token_request]") {
  const RefreshToken token(Secret("0.A+/=&x y"));

  CHECK(oauth::refresh_body(client("a&b=c", "s+e c"), token, "https://m/").reveal() ==
        "grant_type=refresh_token&refresh_token=0.A%2B%2F%3D%26x%20y&client_id=a%26b%3Dc"
        "&client_secret=s%2Be%20c&scope=https%3A%2F%2Fm%2F");
}

TEST_CASE("what a provider wants besides comes last", "[oauth][token_request]") {
  const AuthorizationCode code(Secret("c"));
  const CodeVerifier verifier(Secret("v"));
  const RefreshToken token(Secret("r"));
  const Parameters more = {{"audience", "a b"}, {"resource", "https://m.example"}};

  CHECK(oauth::redemption_body(client("id"), {code, verifier, "http://l/", "s"}, more).reveal() ==
        "grant_type=authorization_code&code=c&redirect_uri=http%3A%2F%2Fl%2F&code_verifier=v"
        "&client_id=id&scope=s&audience=a%20b&resource=https%3A%2F%2Fm.example");
  CHECK(oauth::refresh_body(client("id"), token, "s", more).reveal() ==
        "grant_type=refresh_token&refresh_token=r&client_id=id&scope=s&audience=a%20b"
        "&resource=https%3A%2F%2Fm.example");
}

TEST_CASE("what a provider wants besides replaces nothing of ours", "[oauth][token_request]") {
  const RefreshToken token(Secret("r"));
  const Parameters more = {{"client_id", "other"}, {"grant_type", "password"},
                           {"scope", "all"},       {"code_verifier", "v"},
                           {"resource", "m"},      {"refresh_token", "x"}};

  CHECK(oauth::refresh_body(client("id"), token, "s", more).reveal() ==
        "grant_type=refresh_token&refresh_token=r&client_id=id&scope=s&resource=m");
  CHECK(oauth::device_authorization_body(client("id"), "s", more).reveal() ==
        "client_id=id&scope=s&resource=m");
  CHECK(oauth::device_poll_body(client("id"), DeviceCode(Secret("d")), {{"device_code", "x"}})
            .reveal() ==
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d"
        "&client_id=id");
}

TEST_CASE("a client may authenticate in the header, and then not in the form",
          "[oauth][token_request]") {
  // RFC 6749 section 2.3.1 has these two, and RFC 7617 section 2 the form.
  Client known = client("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw");
  known.basic = true;
  const RefreshToken token(Secret("r"));

  CHECK(oauth::authorization_header(known).reveal() ==
        "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
  CHECK(oauth::refresh_body(known, token, "s").reveal() ==
        "grant_type=refresh_token&refresh_token=r&scope=s");
  CHECK(oauth::revocation_body(known, token).reveal() == "token=r&token_type_hint=refresh_token");

  Client odd = client("a:b", "c d");  // encoded first, so that the colon stays the only one
  odd.basic = true;
  CHECK(oauth::authorization_header(odd).reveal() == "Basic YSUzQWI6YyUyMGQ=");  // a%3Ab:c%20d

  Client open = client("id");
  open.basic = true;
  CHECK(oauth::authorization_header(open).empty());
  CHECK(oauth::refresh_body(open, token, "").reveal() ==
        "grant_type=refresh_token&refresh_token=r&client_id=id");
  CHECK(oauth::authorization_header(client("id", "secret")).empty());
}

TEST_CASE("a revocation is that of RFC 7009 section 2.1", "[oauth][token_request]") {
  const RefreshToken token(Secret("45ghiukldjahdnhzdauz"));

  CHECK(oauth::revocation_body(client("id"), token).reveal() ==
        "token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token&client_id=id");
}
