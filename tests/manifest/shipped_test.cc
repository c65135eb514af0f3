// SPDX-License-Identifier: GPL-3.0-or-later
//
// The manifests that we install.
#include "manifest/catalog.h"
#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("every shipped manifest is good and names no client", "[manifest][shipped]") {
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});

  CHECK(catalog.broken().empty());
  CHECK_FALSE(catalog.providers().empty());
  for (const Provider& provider : catalog.providers()) {
    CAPTURE(provider.id);
    CHECK(provider.client_id.empty());
    CHECK(provider.ca_file.empty());
    CHECK_FALSE(provider.registration_page.empty());
  }
}

TEST_CASE("Microsoft 365 is as its pages say", "[manifest][shipped]") {
  const auto provider = manifest::Catalog::load({SHIPPED_MANIFESTS}).find("microsoft365");
  REQUIRE(provider);

  const auto contoso = for_tenant(*provider, "contoso.com");

  REQUIRE(contoso);
  CHECK(contoso->endpoints.token ==
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token");
  CHECK(contoso->endpoints.issuer == "https://login.microsoftonline.com/{tenantid}/v2.0");
  CHECK(contoso->endpoints.revocation.empty());
  CHECK(contoso->redirect.host == "localhost");
  CHECK(contoso->client_secret == Presence::kForbidden);
  CHECK(contoso->servers.at(Protocol::kSmtp).host == "smtp.office365.com");
  CHECK(contoso->servers.at(Protocol::kSmtp).tls == TlsMode::kStartTls);
  CHECK(contoso->sasl_user.at(Protocol::kSmtp) == SaslUser::kIdentity);
  CHECK(contoso->device_flow() == DeviceFlow::kMail);
  CHECK(contoso->mechanism == Mechanism::kXoauth2);
}
