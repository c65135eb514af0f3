// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/provider.h"

#include "support/catch.h"

using namespace mail_oauth;

namespace {

Provider with_tenant_places() {
  Provider provider;
  provider.name = "Example";
  provider.file = "example.json";
  provider.endpoints.issuer = "https://login.example/{tenantid}/v2.0";
  provider.endpoints.authorization = "https://login.example/{tenant}/authorize";
  provider.endpoints.token = "https://login.example/{tenant}/token?t={tenant}";
  provider.endpoints.device_authorization = "https://login.example/{tenant}/device";
  provider.endpoints.revocation = "https://login.example/{tenant}/revoke";
  provider.revocation_page = "https://my.example/{tenant}";
  provider.authorization_parameters["domain"] = "{tenant}";
  provider.token_parameters["domain"] = "{tenant}";
  return provider;
}

}  // namespace

TEST_CASE("for_tenant fills in every place", "[oauth][provider]") {
  const auto provider = for_tenant(with_tenant_places(), "contoso.com");

  REQUIRE(provider);
  CHECK(provider->endpoints.issuer ==
        "https://login.example/{tenantid}/v2.0");  // not a tenant place
  CHECK(provider->endpoints.authorization == "https://login.example/contoso.com/authorize");
  CHECK(provider->endpoints.token == "https://login.example/contoso.com/token?t=contoso.com");
  CHECK(provider->endpoints.device_authorization == "https://login.example/contoso.com/device");
  CHECK(provider->endpoints.revocation == "https://login.example/contoso.com/revoke");
  CHECK(provider->revocation_page == "https://my.example/contoso.com");
  CHECK(provider->authorization_parameters.at("domain") == "contoso.com");
  CHECK(provider->token_parameters.at("domain") == "contoso.com");
  CHECK(provider->tenant == "contoso.com");
}

TEST_CASE("the manifest's tenant serves a client that names none", "[oauth][provider]") {
  Provider provider = with_tenant_places();
  provider.tenant = "common";

  CHECK(for_tenant(provider, "")->endpoints.revocation == "https://login.example/common/revoke");
  CHECK(for_tenant(provider, "own")->endpoints.revocation == "https://login.example/own/revoke");
}

TEST_CASE("a provider without tenants needs none", "[oauth][provider]") {
  Provider provider;
  provider.endpoints.token = "https://login.example/token";

  CHECK(for_tenant(provider, "")->endpoints.token == "https://login.example/token");
  CHECK(for_tenant(provider, "any")->endpoints.token == "https://login.example/token");
}

TEST_CASE("a missing tenant is an error that names the manifest", "[oauth][provider]") {
  const auto provider = for_tenant(with_tenant_places(), "");

  REQUIRE_FALSE(provider);
  CHECK(provider.error().kind == Error::Kind::kConfig);
  CHECK(provider.error().what.find("example.json") != std::string::npos);
}

TEST_CASE("a tenant cannot change the address", "[oauth][provider]") {
  const auto tenant = GENERATE(as<std::string>{}, "a/b", "..", "a..b", ".", "a?b", "a#b", "a b",
                               "a@b", "a%2f", "{tenant}", "a\n", "\xc3\xa4", std::string("a\0", 2));
  CAPTURE(tenant);

  const auto provider = for_tenant(with_tenant_places(), tenant);

  REQUIRE_FALSE(provider);
  CHECK(provider.error().kind == Error::Kind::kConfig);
  CHECK(provider.error().what.find("example.json") != std::string::npos);
}
