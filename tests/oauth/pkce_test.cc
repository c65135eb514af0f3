// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/pkce.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

bool base64url_only(std::string_view text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
         std::string_view::npos;
}

}  // namespace

TEST_CASE("the challenge is that of RFC 7636 appendix B", "[oauth][pkce]") {
  const CodeVerifier verifier(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

  const auto challenge = oauth::challenge_of(verifier);

  REQUIRE(challenge);
  CHECK(*challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("a new verifier has 43 characters and its own challenge", "[oauth][pkce]") {
  const auto pkce = oauth::new_pkce();
  const auto other = oauth::new_pkce();

  REQUIRE(pkce);
  REQUIRE(other);
  CHECK(pkce->verifier.size() == 43);
  CHECK(base64url_only(pkce->verifier.reveal()));
  CHECK(pkce->challenge == *oauth::challenge_of(pkce->verifier));
  CHECK(pkce->challenge != other->challenge);
}

TEST_CASE("a state is 256 random bits", "[oauth][pkce]") {
  const auto state = oauth::new_state();

  REQUIRE(state);
  CHECK(state->size() == 43);
  CHECK(base64url_only(*state));
  CHECK(*state != *oauth::new_state());
}
