// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/id_token.h"

#include "codec/base64url.h"
#include "codec/json.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

std::string token(std::string_view payload) {
  return "eyJhbGciOiJub25lIn0." + base64url(payload) + ".c2ln";
}

const std::vector<std::string> kClaims = {"preferred_username", "upn", "email"};

constexpr std::chrono::seconds kNow{1'700'000'000};

/// Where nothing but the client is known.
oauth::IdTokenRules for_client(const std::string& client_id) {
  return {client_id, "", "", WallTime(kNow)};
}

/// Of a sign-in that asked the issuer with a nonce.
const oauth::IdTokenRules kRules{"id", "https://i.example", "n-0S6", WallTime(kNow)};

/// A token that fits kRules, with these members in the place of its own.
std::string token_with(const std::string& more) {
  Json payload = Json::object();
  payload.set("aud", Json::of(std::string_view("id")));
  payload.set("iss", Json::of(std::string_view("https://i.example")));
  payload.set("nonce", Json::of(std::string_view("n-0S6")));
  payload.set("exp", Json::of(std::int64_t{kNow.count() + 3600}));
  payload.set("sub", Json::of(std::string_view("24400320")));
  payload.set("email", Json::of(std::string_view("a@b.c")));
  const auto given = Json::parse(more);
  for (const std::string& name : given->keys()) {
    payload.remove(name);
    if (given->at(name)->type() != Json::Type::kNull) payload.set(name, *given->at(name));
  }
  return token(payload.text());
}

}  // namespace

TEST_CASE("person_of reads a token written out", "[oauth][id_token]") {
  // {"aud":"id","email":"a@b.c"}
  const auto found =
      oauth::person_of("e30.eyJhdWQiOiJpZCIsImVtYWlsIjoiYUBiLmMifQ.", for_client("id"), kClaims);

  REQUIRE(found);
  CHECK(found->name == "a@b.c");
  CHECK(found->subject.empty());
}

TEST_CASE("the first claim that is there wins, in the manifest's order", "[oauth][id_token]") {
  const auto [payload, identity] = GENERATE(table<std::string, std::string>({
      {R"({"aud":"id","email":"e@x","upn":"u@x","preferred_username":"P@x"})", "P@x"},
      {R"({"aud":["other","id"],"email":"e@x","upn":"u@x"})", "u@x"},
      {R"({"aud":"id","preferred_username":"","upn":7,"email":"e@x"})", "e@x"},
      {R"({"aud":"id","preferred_username":"a\u0000b","upn":"a\nb","email":"e@x"})", "e@x"},
  }));
  CAPTURE(payload);

  const auto found = oauth::person_of(token(payload), for_client("id"), kClaims);

  REQUIRE(found);
  CHECK(found->name == identity);
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

  const auto found = oauth::person_of(bad, for_client("id"), kClaims);

  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Error::Kind::kProtocol);
  CHECK(found.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("an id_token of another issuer, client, sign-in or time is not believed",
          "[oauth][id_token]") {
  const auto [members, words] = GENERATE(table<std::string, std::string>({
      {R"({"iss":"https://mallory.example"})", "https://mallory.example"},
      {R"({"iss":null})", "issuer"},
      {R"({"iss":["https://i.example"]})", "issuer"},
      {R"({"aud":"other"})", "another client"},
      {R"({"azp":"other"})", "another client"},
      {R"({"aud":["id","other"],"azp":"other"})", "another client"},
      {R"({"nonce":"another"})", "nonce"},
      {R"({"nonce":null})", "nonce"},
      {R"({"exp":1699999699})", "expired"},  // 301 s ago
      {R"({"exp":0})", "expired"},
      {R"({"exp":-1})", "expired"},
      {R"({"exp":null})", "expired"},
  }));
  CAPTURE(members);

  const auto found = oauth::person_of(token_with(members), kRules, kClaims);

  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Error::Kind::kProtocol);
  CHECK(found.error().what.find(words) != std::string::npos);
}

TEST_CASE("an id_token that fits is taken, in every form that providers send",
          "[oauth][id_token]") {
  const auto members =
      GENERATE(as<std::string>{}, "{}", R"({"azp":"id"})", R"({"aud":["other","id"]})",
               R"({"iss":"i.example"})",      // OpenID Connect Core 15.6.2
               R"({"exp":1699999800})",       // clocks differ a little
               R"({"exp":99999999999999})");  // no clock gets there
  CAPTURE(members);

  const auto found = oauth::person_of(token_with(members), kRules, kClaims);

  REQUIRE(found);
  CHECK(found->name == "a@b.c");
  CHECK(found->subject == "24400320");
}

TEST_CASE("an id_token of any organization fits an issuer with a placeholder",
          "[oauth][id_token]") {
  oauth::IdTokenRules rules = kRules;
  rules.issuer = "https://i.example/{tenantid}/v2.0";

  CHECK(oauth::person_of(
      token_with(R"({"iss":"https://i.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"})"), rules,
      kClaims));
  CHECK_FALSE(
      oauth::person_of(token_with(R"({"iss":"https://i.example/x/v2.0"})"), rules, kClaims));
}

TEST_CASE("who is named by no claim is told with the claims that were looked at",
          "[oauth][id_token]") {
  const auto found = oauth::person_of(token_with(R"({"email":null})"), kRules, kClaims);

  REQUIRE_FALSE(found);
  CHECK(found.error().what.find("preferred_username, upn, email") != std::string::npos);
  CHECK(found.error().what.find("identity_claims") != std::string::npos);
}

namespace {

Provider naming_provider() {
  Provider provider;
  provider.identity_claims = kClaims;
  return provider;
}

Grant renewed_grant(const std::string& subject) {
  Grant grant;
  grant.key = grant_key({"p", "id", ""}, "a@b.c");
  grant.issuer = "https://i.example";
  grant.access_token = AccessToken(Secret("at"));
  grant.subject = subject;
  return grant;
}

}  // namespace

TEST_CASE("a renewal that answers with somebody else's id_token is not used", "[oauth][id_token]") {
  const auto [subject, members, used] = GENERATE(table<std::string, std::string, bool>({
      {"24400320", "{}", true},
      {"24400320", R"({"sub":"other"})", false},
      {"24400320", R"({"email":"renamed@b.c"})", true},  // the same person
      {"24400320", R"({"iss":"https://mallory.example"})", false},
      {"24400320", R"({"aud":"other"})", false},
      {"24400320", R"({"azp":"other"})", false},
      {"24400320", R"({"exp":5,"nonce":null})", true},  // section 12.2 asks for neither
      {"24400320", R"({"sub":null})", true},            // says nothing new
      {"24400320", R"({"sub":null,"email":"mallory@b.c"})", true},
      {"", R"({"email":"A@B.C"})", true},
      {"", R"({"email":null})", true},
  }));
  CAPTURE(subject, members);
  Grant grant = renewed_grant(subject);

  const auto same = oauth::same_person(token_with(members), naming_provider(), grant);

  CHECK(same.has_value() == used);
  if (!used) CHECK(same.error().kind == Error::Kind::kReauthorize);
  if (used && subject.empty()) CHECK(grant.subject == "24400320");
}

TEST_CASE("another name alone is not somebody else, and no subject is taken from it",
          "[oauth][id_token]") {
  Grant grant = renewed_grant("");

  CHECK(oauth::same_person(token_with(R"({"email":"renamed@b.c"})"), naming_provider(), grant));
  CHECK(grant.subject.empty());
}

TEST_CASE("a renewal whose id_token nobody reads is used", "[oauth][id_token]") {
  Grant grant = renewed_grant("24400320");
  Provider silent = naming_provider();
  silent.identity_claims.clear();

  CHECK(oauth::same_person("", naming_provider(), grant));
  CHECK(oauth::same_person("garbage", naming_provider(), grant));
  CHECK(oauth::same_person(token_with(R"({"sub":"other"})"), silent, grant));
}

TEST_CASE("the first token of a grant that was taken over says who it is", "[oauth][id_token]") {
  Grant grant = renewed_grant("");
  grant.access_token = AccessToken();

  CHECK(oauth::same_person(token_with(R"({"email":"upn@b.c"})"), naming_provider(), grant));
  CHECK(grant.subject == "24400320");
}

TEST_CASE("an id_token is asked for by the word openid", "[oauth][id_token]") {
  CHECK(oauth::asks_for_id_token("openid"));
  CHECK(oauth::asks_for_id_token("https://m.example/openid x openid email"));
  CHECK_FALSE(oauth::asks_for_id_token("https://m.example/openid openid2 xopenid"));
  CHECK_FALSE(oauth::asks_for_id_token(""));
}
