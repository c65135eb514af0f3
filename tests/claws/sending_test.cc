// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sending.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

Provider contoso() {
  Provider provider;
  provider.id = "contoso";
  provider.servers[Protocol::kSmtp] = {"smtp.contoso.test", 587, TlsMode::kStartTls};
  provider.server_names = {"*.mail.contoso.test"};
  return provider;
}

}  // namespace

TEST_CASE("by default it signs in to send where the server is the provider's or receives, too",
          "[claws][sending]") {
  const auto [receives_at, sends_at, signs_in] = GENERATE(table<std::string, std::string, bool>({
      {"imap.contoso.test", "smtp.contoso.test", true},
      {"imap.contoso.test", "SMTP.Contoso.test", true},
      {"imap.contoso.test", "eu.mail.contoso.test", true},
      {"mail.fabrikam.test", "Mail.Fabrikam.test", true},  // one server for both
      {"imap.contoso.test", "localhost", false},           // a relay
      {"imap.contoso.test", "smtp.fabrikam.test", false},  // another company
      {"imap.contoso.test", "smtp.contoso.test.fabrikam.test", false},
      {"", "smtp.contoso.test", true},  // it only sends
      {"", "", false},
  }));
  CAPTURE(receives_at, sends_at);
  const MailRoute route{receives_at, sends_at};

  CHECK(sends_by_default(route, contoso()) == signs_in);
  CHECK(signs_in_for_sending(AccountIntent{}, route, contoso()) == signs_in);
}

TEST_CASE("a yes to sending counts for the server that it was said for", "[claws][sending]") {
  AccountIntent intent;
  intent.send = true;
  intent.send_server = "smtp.fabrikam.test";
  const auto signs_in = [&](const char* sends_at) {
    return signs_in_for_sending(intent, {"imap.contoso.test", sends_at}, contoso());
  };

  CHECK(signs_in("smtp.fabrikam.test"));
  CHECK(signs_in("SMTP.Fabrikam.test"));
  CHECK_FALSE(signs_in("localhost"));
  CHECK_FALSE(signs_in("smtp.fabrikam.test.example"));
  CHECK(signs_in("smtp.contoso.test"));  // the provider's, as by default
  CHECK(signs_in("imap.contoso.test"));  // the one that it receives from
}

TEST_CASE("a yes to sending that names no server counts for any", "[claws][sending]") {
  AccountIntent intent;
  intent.send = true;

  CHECK(signs_in_for_sending(intent, {"imap.contoso.test", "localhost"}, contoso()));
}

TEST_CASE("a no to sending counts, whatever the server", "[claws][sending]") {
  AccountIntent intent;
  intent.send = false;

  for (const char* server : {"smtp.contoso.test", "imap.contoso.test", "localhost"})
    CHECK_FALSE(signs_in_for_sending(intent, {"imap.contoso.test", server}, contoso()));
}

TEST_CASE("of a provider that nobody knows just now no server is known", "[claws][sending]") {
  CHECK_FALSE(sends_by_default({"imap.contoso.test", "smtp.contoso.test"}, std::nullopt));
  CHECK(sends_by_default({"mail.contoso.test", "mail.contoso.test"}, std::nullopt));
}
