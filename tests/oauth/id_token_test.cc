// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/id_token.h"

#include "codec/base64url.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

std::string token(std::string_view payload) {
  return "eyJhbGciOiJub25lIn0." + base64url(payload) + ".c2ln";
}

const std::vector<std::string> kClaims = {"preferred_username", "upn", "email"};

}  // namespace

TEST_CASE("identity_of reads a token written out", "[oauth][id_token]") {
  // {"aud":"id","email":"a@b.c"}
  CHECK(*oauth::identity_of("e30.eyJhdWQiOiJpZCIsImVtYWlsIjoiYUBiLmMifQ.", "id", kClaims) ==
        "a@b.c");
}

TEST_CASE("the first claim that is there wins, in the manifest's order", "[oauth][id_token]") {
  const auto [payload, identity] = GENERATE(table<std::string, std::string>({
      {R"({"aud":"id","email":"e@x","upn":"u@x","preferred_username":"P@x"})", "P@x"},
      {R"({"aud":["other","id"],"email":"e@x","upn":"u@x"})", "u@x"},
      {R"({"aud":"id","preferred_username":"","upn":7,"email":"e@x"})", "e@x"},
      {R"({"aud":"id","preferred_username":"a\u0000b","upn":"a\nb","email":"e@x"})", "e@x"},
  }));
  CAPTURE(payload);

  const auto found = oauth::identity_of(token(payload), "id", kClaims);

  REQUIRE(found);
  CHECK(*found == identity);
}

TEST_CASE("an id_token that names nobody to us is refused", "[oauth][id_token]") {
  const std::string endless(513, 'a');
  const auto bad = GENERATE_COPY(as<std::string>{}, "", "opaque", "a.b", "a.b.c.d", "..", "e30.!.x",
                                 "e30.e30=.x", token("hunter2"), token("[]"), token("{}"),
                                 token(R"({"email":"hunter2@x"})"),                // no audience
                                 token(R"({"aud":"other","email":"hunter2@x"})"),  // another client
                                 token(R"({"aud":["id2","i"],"email":"hunter2@x"})"),  //
                                 token(R"({"aud":{"id":"id"},"email":"hunter2@x"})"),  //
                                 token(R"({"aud":["id"],"sub":"hunter2"})"),  // none of the claims
                                 token(R"({"aud":"id","email":"hunter2@x","email":""})"),  //
                                 token(R"({"aud":"id","email":")" + endless + "\"}"));
  CAPTURE(bad);

  const auto found = oauth::identity_of(bad, "id", kClaims);

  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Error::Kind::kProtocol);
  CHECK(found.error().what.find("hunter2") == std::string::npos);
}
