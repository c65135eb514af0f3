// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/grant.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

GrantKey key() { return grant_key({"example", "client-1", ""}, "alice@example.com"); }

Grant sample() {
  Grant grant;
  grant.key = key();
  grant.refresh_token = RefreshToken(Secret("refresh-1"));
  grant.access_token = AccessToken(Secret("access-1"));
  grant.expires_at = WallTime{std::chrono::seconds(1'700'000'000)};
  grant.scope = "mail offline";
  grant.token_endpoint = "https://login.example/token";
  grant.issuer = "https://login.example";
  return grant;
}

constexpr std::string_view kItem =
    R"({"v":1,"refresh_token":"refresh-1","access_token":"access-1","expires_at":1700000000,)"
    R"("scope":"mail offline","token_endpoint":"https://login.example/token",)"
    R"("issuer":"https://login.example"})";

}  // namespace

TEST_CASE("identities differ not by case", "[oauth][grant]") {
  const GrantKey mixed = grant_key({"p", "Client", "T"}, "Alice@Contoso.COM");

  CHECK(mixed.identity == "alice@contoso.com");
  CHECK(mixed.client.client == "Client");  // client ids do
  CHECK(mixed == grant_key({"p", "Client", "T"}, "alice@contoso.com"));
  CHECK(grant_key({}, "\xc3\x84@x").identity == "\xc3\x84@x");  // ASCII only
}

TEST_CASE("encode_item writes the documented form", "[oauth][grant]") {
  CHECK(encode_item(sample()).reveal() == kItem);
}

TEST_CASE("decode_item reads it back", "[oauth][grant]") {
  const auto grant = decode_item(key(), kItem);

  REQUIRE(grant);
  CHECK(grant->key == key());
  CHECK(grant->refresh_token.reveal() == "refresh-1");
  CHECK(grant->access_token.reveal() == "access-1");
  CHECK(grant->expires_at == WallTime{std::chrono::seconds(1'700'000'000)});
  CHECK(grant->scope == "mail offline");
  CHECK(grant->token_endpoint == "https://login.example/token");
  CHECK(grant->issuer == "https://login.example");
  CHECK(grant->unknown_fields.empty());
}

TEST_CASE("when the access token came is stored with it, where it is known", "[oauth][grant]") {
  Grant told = sample();
  told.received_at = WallTime{std::chrono::seconds(1'699'996'400)};
  const Secret item = encode_item(told);

  CHECK(item.reveal().find(R"("received_at":1699996400,)") != std::string_view::npos);
  const auto grant = decode_item(key(), item.reveal());
  REQUIRE(grant);
  CHECK(grant->received_at == told.received_at);
  CHECK(grant->duplicate().received_at == told.received_at);
  CHECK(decode_item(key(), kItem)->received_at == WallTime{});
}

TEST_CASE("what the sign-in saw is stored with the grant, and may be missing", "[oauth][grant]") {
  Grant told = sample();
  told.revocation_endpoint = "https://login.example/revoke";
  told.subject = "24400320";
  told.client_secret_basic = true;

  const auto grant = decode_item(key(), encode_item(told).reveal());
  const auto older = decode_item(key(), kItem);

  REQUIRE(grant);
  CHECK(grant->duplicate().revocation_endpoint == "https://login.example/revoke");
  CHECK(grant->duplicate().subject == "24400320");
  CHECK(grant->duplicate().client_secret_basic);
  CHECK(grant->unknown_fields.empty());
  REQUIRE(older);
  CHECK(older->revocation_endpoint.empty());
  CHECK(older->subject.empty());
  CHECK_FALSE(older->client_secret_basic);
}

TEST_CASE("that the token endpoint ended a grant is stored with it", "[oauth][grant]") {
  Grant ended = sample();
  ended.received_at = WallTime{std::chrono::seconds(1'699'996'400)};
  CHECK_FALSE(ended.ended());
  ended.ended_at = WallTime{std::chrono::seconds(1'699'999'000)};
  const Secret item = encode_item(ended);

  CHECK(item.reveal().find(R"("ended_at":1699999000,)") != std::string_view::npos);
  const auto grant = decode_item(key(), item.reveal());
  REQUIRE(grant);
  CHECK(grant->ended());
  CHECK(grant->duplicate().ended());
  CHECK_FALSE(decode_item(key(), kItem)->ended());
}

TEST_CASE("when the person signed in is stored, and costs nothing where it is missing or wrong",
          "[oauth][grant]") {
  Grant told = sample();
  told.signed_in_at = WallTime{std::chrono::seconds(1'699'000'000)};
  const Secret item = encode_item(told);

  CHECK(item.reveal().find(R"("signed_in_at":1699000000,)") != std::string_view::npos);
  const auto grant = decode_item(key(), item.reveal());
  REQUIRE(grant);
  CHECK(grant->duplicate().signed_in_at == told.signed_in_at);
  CHECK(grant->unknown_fields.empty());
  CHECK(decode_item(key(), kItem)->signed_in_at == WallTime{});
  const auto wrong = decode_item(key(), R"({"v":1,"refresh_token":"r","signed_in_at":"soon"})");
  REQUIRE(wrong);
  CHECK(wrong->signed_in_at == WallTime{});
}

TEST_CASE("a grant that gave a token after its end has not ended", "[oauth][grant]") {
  Grant grant = sample();
  grant.ended_at = WallTime{std::chrono::seconds(1'699'999'000)};
  CHECK(grant.ended());  // nobody knows when its token came

  // As an older version leaves it, which keeps what it does not know.
  grant.received_at = grant.ended_at + std::chrono::seconds(1);

  CHECK_FALSE(grant.ended());
}

TEST_CASE("what a newer version wrote survives", "[oauth][grant]") {
  auto grant = decode_item(key(), R"({"v":1,"dpop":{"key":"k"},"refresh_token":"r","later":[1]})");
  REQUIRE(grant);

  grant->refresh_token = RefreshToken(Secret("r2"));

  CHECK(encode_item(*grant).reveal() ==
        R"({"v":1,"refresh_token":"r2","access_token":"","expires_at":0,"scope":"",)"
        R"("token_endpoint":"","issuer":"","dpop":{"key":"k"},"later":[1]})");
}

TEST_CASE("unknown fields cannot replace one of ours", "[oauth][grant]") {
  Grant grant = sample();
  grant.unknown_fields = Secret(R"({"refresh_token":"other","v":7})");

  CHECK(encode_item(grant).reveal() == kItem);
}

TEST_CASE("an expiry beyond what a clock holds is cut", "[oauth][grant]") {
  const auto far = decode_item(key(), R"({"v":1,"refresh_token":"r","expires_at":99999999999999})");
  const auto past = decode_item(key(), R"({"v":1,"refresh_token":"r","expires_at":-5})");

  REQUIRE(far);
  REQUIRE(past);
  CHECK(far->expires_at == WallTime{std::chrono::seconds(9'000'000'000)});
  CHECK(past->expires_at == WallTime{});
}

TEST_CASE("a damaged item is a storage error that says whose", "[oauth][grant]") {
  const auto item =
      GENERATE(as<std::string>{}, "", "{", "[]", "\"hunter2\"", "{}",
               R"({"v":"1","refresh_token":"hunter2"})", R"({"v":0,"refresh_token":"hunter2"})",
               R"({"v":1})",                              // nothing to refresh with
               R"({"v":1,"refresh_token":""})",           //
               R"({"v":1,"refresh_token":7})",            //
               R"({"v":1,"refresh_token":"hunter2\n"})",  //
               R"({"v":1,"refresh_token":"hunter2","access_token":"\u0000"})",  //
               R"({"v":1,"refresh_token":"hunter2","access_token":null})",      //
               R"({"v":1,"refresh_token":"hunter2","expires_at":"soon"})",      //
               R"({"v":1,"refresh_token":"hunter2","received_at":"soon"})",     //
               R"({"v":1,"refresh_token":"hunter2","scope":[]})",               //
               R"({"v":1,"refresh_token":"hunter2","token_endpoint":1})",       //
               R"({"v":1,"refresh_token":"hunter2","issuer":{}})",              //
               R"({"v":1,"refresh_token":"hunter2","refresh_token":"b"})");
  CAPTURE(item);

  const auto grant = decode_item(key(), item);

  REQUIRE_FALSE(grant);
  CHECK(grant.error().kind == Error::Kind::kStorage);
  CHECK(grant.error().what.find("alice@example.com") != std::string::npos);
  CHECK(grant.error().what.find("hunter2") == std::string::npos);
  CHECK(unreadable_item(grant.error()));
}

TEST_CASE("an item of a later version is left alone", "[oauth][grant]") {
  const auto grant = decode_item(key(), R"({"v":2,"refresh_token":"hunter2"})");

  REQUIRE_FALSE(grant);
  CHECK(grant.error().kind == Error::Kind::kStorage);
  CHECK(grant.error().what.find("later version") != std::string::npos);
  CHECK(unreadable_item(grant.error()));
  CHECK(grant.error().what.find("hunter2") == std::string::npos);
}

TEST_CASE("a duplicate holds the same and is its own", "[oauth][grant]") {
  Grant grant = sample();
  grant.unknown_fields = Secret(R"({"later":1})");

  const Grant copy = grant.duplicate();

  CHECK(encode_item(copy).reveal() == encode_item(grant).reveal());
  CHECK(copy.key == grant.key);
  CHECK(copy.refresh_token.reveal().data() != grant.refresh_token.reveal().data());
}

TEST_CASE("an item tells which sign-in it is of, and how often that was renewed",
          "[oauth][grant]") {
  auto grant = decode_item(
      key(), R"({"v":1,"refresh_token":"r","sign_in":"x7Yq","renewals":41,"scope":"mail"})");
  REQUIRE(grant);
  CHECK(grant->sign_in == "x7Yq");
  CHECK(grant->renewals == 41);

  const Secret item = encode_item(grant->duplicate());
  CHECK(item.reveal().find(R"("sign_in":"x7Yq")") != std::string_view::npos);
  CHECK(item.reveal().find(R"("renewals":41)") != std::string_view::npos);
}

TEST_CASE("an item is worth a grant whatever stands for its sign-in", "[oauth][grant]") {
  const std::string fields = GENERATE(as<std::string>{}, "", R"(,"sign_in":7,"renewals":"many")",
                                      R"(,"renewals":-3)", R"(,"sign_in":"a\u0007b")");
  CAPTURE(fields);

  const auto grant = decode_item(key(), R"({"v":1,"refresh_token":"r")" + fields + "}");

  REQUIRE(grant);
  CHECK(grant->sign_in.empty());
  CHECK(grant->renewals == 0);
}
