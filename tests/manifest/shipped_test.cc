// SPDX-License-Identifier: GPL-3.0-or-later
//
// The manifests that we install.
#include <map>
#include "manifest/catalog.h"

#include "manifest/values.h"
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

TEST_CASE("an address belongs to one shipped provider at most", "[manifest][shipped]") {
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});
  std::map<std::string, std::string> owner;
  for (const Provider& provider : catalog.providers()) {
    for (const std::string& domain : provider.domains) {
      // DoD's addresses are not told from GCC High's: that is a question to the person.
      if (provider.id == "microsoft365-dod") continue;
      CAPTURE(domain, provider.id, owner[domain]);
      CHECK(owner[domain].empty());
      owner[domain] = provider.id;
    }
  }

  const auto [address, id] = GENERATE(table<std::string, std::string>({
      {"a@contoso.onmicrosoft.com", "microsoft365"},
      {"a@Hotmail.co.uk", "outlook.com"},
      {"a@gmail.com", "google"},
      {"a@rocketmail.com", "yahoo"},
      {"a@aim.com", "aol"},
      {"a@fastmail.fm", "fastmail"},
      {"a@ya.ru", "yandex"},
      {"a@bk.ru", "mail.ru"},
      {"a@comcast.net", "comcast"},
  }));
  const auto fitting = catalog.for_address(address);
  REQUIRE(fitting.size() == 1);
  CHECK(fitting[0].id == id);
}

TEST_CASE("one provider only is asked whether it knows an organization", "[manifest][shipped]") {
  std::vector<std::string> asked;
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});
  for (const Provider& provider : catalog.providers()) {
    if (!provider.tenant_discovery.empty()) asked.push_back(provider.id);
  }
  CHECK(asked == std::vector<std::string>{"microsoft365"});
}

TEST_CASE("Outlook.com's scopes cite the page that supersedes \"not supported\"",
          "[manifest][shipped]") {
  const auto values = manifest::values_of({SHIPPED_MANIFESTS}, "outlook.com");
  REQUIRE(values);
  std::string url;
  for (const manifest::Value& value : *values) {
    if (value.pointer == "/scopes/imap" && value.source) url = value.source->url;
  }
  CHECK(url ==
        "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/"
        "how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth");
}

TEST_CASE("the wire is as each provider wants it", "[manifest][shipped]") {
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});

  for (const char* id : {"yahoo", "aol"}) {
    CHECK(catalog.find(id)->mechanism == Mechanism::kOauthbearer);
  }
  CHECK(catalog.find("google")->device_flow() == DeviceFlow::kNotForMail);
  for (const char* id : {"google", "fastmail"}) {
    CHECK(catalog.find(id)->iss == Presence::kRequired);
  }
  for (const char* id : {"yahoo", "aol", "yandex", "mail.ru", "comcast"}) {
    CHECK(catalog.find(id)->redirect.kind == RedirectKind::kRegistered);
    CHECK(catalog.find(id)->redirect.uri.empty());
  }
  CHECK(catalog.find("outlook.com")->servers.at(Protocol::kSmtp).host == "smtp-mail.outlook.com");
}

TEST_CASE("who takes no passwords any more is known, and app passwords are some",
          "[manifest][shipped]") {
  std::vector<std::string> without;
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});
  for (const Provider& provider : catalog.providers()) {
    if (provider.no_passwords) without.push_back(provider.id);
  }
  CHECK(without == std::vector<std::string>{"microsoft365", "outlook.com"});
}

TEST_CASE("an account's servers tell its provider", "[manifest][shipped]") {
  const auto catalog = manifest::Catalog::load({SHIPPED_MANIFESTS});
  const auto [server, id] = GENERATE(table<std::string, std::string>({
      {"imap.gmail.com", "google"},
      {"SMTP.Mail.Yahoo.com", "yahoo"},
      {"partner.outlook.cn", "microsoft365-21vianet"},
  }));
  CAPTURE(server);

  const auto fitting = catalog.for_server(server);

  REQUIRE_FALSE(fitting.empty());
  CHECK(fitting.front().id == id);
  CHECK(catalog.for_server("").empty());
  CHECK(catalog.for_server("mail.nowhere.test").empty());
}
