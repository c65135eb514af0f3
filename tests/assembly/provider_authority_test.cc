// SPDX-License-Identifier: GPL-3.0-or-later
#include "assembly/provider_http.h"
#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a private authority counts for its own provider's servers only", "[assembly]") {
  Provider open;
  open.endpoints.token = "https://login.example.com/{tenant}/token";
  Provider own;
  own.ca_file = "/etc/own.pem";
  own.endpoints.issuer = "https://auth.own.example";
  own.endpoints.token = "https://token.own.example:8443/t";
  Provider other;
  other.ca_file = "/etc/other.pem";
  other.endpoints.issuer = "https://Auth.Other.example/realm";
  const std::vector<Provider> providers = {open, own, other};

  const auto [url, authority] = GENERATE(table<std::string, std::string>({
      {"https://auth.own.example/.well-known/openid-configuration", "/etc/own.pem"},
      {"https://token.own.example:8443/t", "/etc/own.pem"},
      {"https://token.own.example/t", ""},  // another port is another server
      {"http://auth.own.example/", ""},
      {"https://auth.other.example/realm/token", "/etc/other.pem"},
      {"https://login.example.com/contoso/token", ""},  // nobody else's
      {"https://auth.own.example.evil.example/", ""},
      {"no address", ""},
  }));
  CAPTURE(url);

  CHECK(authority_for(url, providers) == authority);
}
