// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/metadata.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

// RFC 8414 section 3.2, shortened, with a revocation endpoint.
constexpr std::string_view kExample =
    R"({"issuer":"https://server.example.com",
        "authorization_endpoint":"https://server.example.com/authorize",
        "token_endpoint":"https://server.example.com/token",
        "revocation_endpoint":"https://server.example.com/revoke",
        "device_authorization_endpoint":null,
        "authorization_response_iss_parameter_supported":true,
        "scopes_supported":["openid","profile"]})";

std::string with(std::string_view authorization, std::string_view token) {
  return R"({"issuer":"https://i","authorization_endpoint":)" + std::string(authorization) +
         R"(,"token_endpoint":)" + std::string(token) + "}";
}

}  // namespace

TEST_CASE("metadata_urls appends and inserts", "[oauth][metadata]") {
  // RFC 8414 section 3.1, both examples.
  CHECK(oauth::metadata_urls("https://example.com") ==
        std::vector<std::string>{"https://example.com/.well-known/openid-configuration",
                                 "https://example.com/.well-known/oauth-authorization-server"});
  CHECK(oauth::metadata_urls("https://example.com/issuer1/") ==
        std::vector<std::string>{
            "https://example.com/issuer1/.well-known/openid-configuration",
            "https://example.com/.well-known/oauth-authorization-server/issuer1"});
  CHECK(oauth::metadata_urls("no address").empty());
}

TEST_CASE("parse_metadata reads the example of RFC 8414", "[oauth][metadata]") {
  const auto metadata = oauth::parse_metadata(kExample, "https://server.example.com");

  REQUIRE(metadata);
  CHECK(metadata->endpoints.issuer == "https://server.example.com");
  CHECK(metadata->endpoints.authorization == "https://server.example.com/authorize");
  CHECK(metadata->endpoints.token == "https://server.example.com/token");
  CHECK(metadata->endpoints.revocation == "https://server.example.com/revoke");
  CHECK(metadata->endpoints.device_authorization.empty());
  CHECK(metadata->sends_iss);
}

TEST_CASE("metadata of another issuer is not taken", "[oauth][metadata]") {
  const auto asked = GENERATE(as<std::string>{}, "https://server.example.com/", "", "https://evil",
                              "https://SERVER.example.com");
  CAPTURE(asked);

  const auto metadata = oauth::parse_metadata(kExample, asked);

  REQUIRE_FALSE(metadata);
  CHECK(metadata.error().kind == Error::Kind::kProtocol);
  CHECK(metadata.error().what.find("\"https://server.example.com\"") != std::string::npos);
  CHECK(metadata.error().what.find('"' + asked + '"') != std::string::npos);
}

TEST_CASE("how a client authenticates is the metadata's where only the header will do",
          "[oauth][metadata]") {
  const auto [methods, basic] = GENERATE(table<std::string, std::optional<bool>>({
      {R"(["client_secret_basic"])", true},
      {R"(["client_secret_basic","private_key_jwt","none"])", true},
      {R"(["client_secret_post"])", std::nullopt},
      {R"(["client_secret_basic","client_secret_post"])", std::nullopt},
      {R"(["none"])", std::nullopt},
      {R"("client_secret_basic")", std::nullopt},
      {"7", std::nullopt},
  }));
  CAPTURE(methods);
  const auto metadata = oauth::parse_metadata(
      with("\"https://i/a\"",
           R"("https://i/t","token_endpoint_auth_methods_supported":)" + methods),
      "https://i");
  REQUIRE(metadata);
  Provider told;
  told.client_secret_basic = false;

  CHECK(oauth::completed(Provider{}, *metadata).client_secret_basic == basic);
  CHECK(oauth::completed(told, *metadata).client_secret_basic == false);
}

TEST_CASE("metadata without a way to authenticate means the header", "[oauth][metadata]") {
  // RFC 8414 section 2, and OpenID Connect Discovery 1.0 section 3: "the default is
  // client_secret_basic".
  const auto more =
      GENERATE(as<std::string>{}, "", R"(,"token_endpoint_auth_methods_supported":null)");
  const auto metadata =
      oauth::parse_metadata(with("\"https://i/a\"", "\"https://i/t\"" + more), "https://i");
  REQUIRE(metadata);
  Provider told;
  told.client_secret_basic = false;

  CHECK(oauth::completed(Provider{}, *metadata).client_secret_basic == true);
  CHECK(oauth::completed(told, *metadata).client_secret_basic == false);
}

TEST_CASE("broken metadata is the peer's fault", "[oauth][metadata]") {
  const auto body =
      GENERATE(as<std::string>{}, "", "<html>", "[]", "{}", R"({"issuer":"https://i"})",
               R"({"issuer":"https://i","authorization_endpoint":"https://i/a"})",
               R"({"issuer":"https://i","token_endpoint":"https://i/t"})",
               with("\"http://i/a\"", "\"https://i/t\""), with("\"https://i/a\"", "\"http://i/t\""),
               with("\"https://i/a\"", "7"), with("null", "\"https://i/t\""),
               with("\"https://i/a\"", R"("https://i/t","revocation_endpoint":"ftp://i/r")"),
               with("\"https://i/a\"", R"("https://i/t","device_authorization_endpoint":["x"])"));
  CAPTURE(body);

  const auto metadata = oauth::parse_metadata(body, "https://i");

  REQUIRE_FALSE(metadata);
  CHECK(metadata.error().kind == Error::Kind::kProtocol);
}

TEST_CASE("completed fills in only what the manifest left open", "[oauth][metadata]") {
  const auto metadata = oauth::parse_metadata(kExample, "https://server.example.com");
  REQUIRE(metadata);
  Provider provider;
  provider.endpoints.issuer = "https://server.example.com";
  provider.endpoints.revocation = "https://own.example/revoke";

  const Provider whole = oauth::completed(provider, *metadata);

  CHECK(whole.endpoints.token == "https://server.example.com/token");
  CHECK(whole.endpoints.revocation == "https://own.example/revoke");
  CHECK(whole.iss == Presence::kRequired);
  CHECK_FALSE(whole.needs_metadata());
}

TEST_CASE("metadata does not overrule the manifest on iss", "[oauth][metadata]") {
  oauth::Metadata metadata;
  metadata.sends_iss = true;
  Provider provider;
  provider.iss = Presence::kForbidden;

  CHECK(oauth::completed(provider, metadata).iss == Presence::kForbidden);
  metadata.sends_iss = false;
  CHECK(oauth::completed(Provider{}, metadata).iss == Presence::kOptional);
}

TEST_CASE("an endpoint is https, or http on this machine", "[oauth][metadata]") {
  const auto [url, acceptable] = GENERATE(table<std::string, bool>({
      {"https://login.example/token", true},
      {"https://login.example:8443/token?a=b", true},
      {"https://login.example", true},
      {"https://login.example/{tenant}/token", true},  // a manifest's, not filled in yet
      {"https://{tenant}.login.example/token", true},
      {"https://[2001:db8::1]:443/", true},
      {"http://127.0.0.1:8080/token", true},
      {"http://[::1]:8080/token", true},
      {"http://localhost/token", true},
      {"http://login.example/token", false},
      {"http://localhost.evil.example/", false},
      {"http://127.0.0.1@evil.example/", false},
      {"http://127.0.0.1.evil.example/", false},
      {"https://user@login.example/", false},
      {"https://user:pw@login.example/", false},
      {"https://login.example/#a", false},
      {"https://login.example/a b", false},
      {"https://login.example/\r\nHost: evil", false},
      {std::string("https://login.example/\0", 23), false},
      {"https://login.example\\@evil.example/", false},
      {"https://login.example:/", false},
      {"https://login.example:99x/", false},
      {"https://[::1/", false},
      {"https://", false},
      {"https:///path", false},
      {"https://:443/", false},
      {"https://login.ex\xc3\xa4mple/", false},
      {"ftp://login.example/", false},
      {"//login.example/", false},
      {"", false},
  }));
  CAPTURE(url);

  CHECK(oauth::acceptable_endpoint(url) == acceptable);
}
