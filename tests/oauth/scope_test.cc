// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/token_answer.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

Provider provider() {
  Provider made;
  made.scopes.mail[Protocol::kImap] = {"https://outlook.office.com/IMAP.AccessAsUser.All"};
  made.scopes.mail[Protocol::kSmtp] = {"https://outlook.office.com/SMTP.Send", "mail:smtp"};
  return made;
}

}  // namespace

TEST_CASE("scope_serves compares mail scopes in any spelling", "[oauth][scope]") {
  const auto [granted, imap, smtp] = GENERATE(table<std::string, bool, bool>({
      {"", true, true},   // as asked
      {" ", true, true},  // said nothing
      {"https://outlook.office.com/IMAP.AccessAsUser.All", true, false},
      {"HTTPS://OUTLOOK.OFFICE.COM/imap.accessasuser.all", true, false},
      {"https://outlook.office365.com/IMAP.AccessAsUser.All/", true, false},
      {"openid  mail:SMTP https://outlook.office.com/SMTP.Send", false, true},  // other order
      {"https://outlook.office.com/SMTP.Send", false, false},                   // one of two
      {"https://outlook.office.com/POP.AccessAsUser.All", false, false},
      {"xhttps://outlook.office.com/IMAP.AccessAsUser.All", false, false},
      {"IMAP.AccessAsUser.All", false, false},
  }));
  CAPTURE(granted);

  CHECK(oauth::scope_serves(provider(), Protocol::kImap, granted) == imap);
  CHECK(oauth::scope_serves(provider(), Protocol::kSmtp, granted) == smtp);
}

TEST_CASE("a scope may be named without the resource that all tokens are for", "[oauth][scope]") {
  Provider made = provider();
  made.scopes.resource = "https://outlook.office.com/";

  CHECK(oauth::scope_serves(made, Protocol::kImap, "POP.AccessAsUser.All IMAP.AccessAsUser.All"));
  CHECK_FALSE(oauth::scope_serves(made, Protocol::kImap, "POP.AccessAsUser.All"));
  CHECK(oauth::scope_serves(made, Protocol::kSmtp, "SMTP.Send mail:smtp"));
  CHECK_FALSE(oauth::scope_serves(made, Protocol::kSmtp, "SMTP.Send"));
}

TEST_CASE("a scope without a path is its host", "[oauth][scope]") {
  Provider made;
  made.scopes.mail[Protocol::kImap] = {"https://mail.google.com/"};

  CHECK(oauth::scope_serves(made, Protocol::kImap, "openid https://mail.google.com/"));
  CHECK(oauth::scope_serves(made, Protocol::kImap, "https://mail.google.com"));
  CHECK_FALSE(oauth::scope_serves(made, Protocol::kImap, "https://www.google.com/"));
}

TEST_CASE("no grant serves a protocol that the provider has no scope for", "[oauth][scope]") {
  CHECK_FALSE(oauth::scope_serves(provider(), Protocol::kPop, ""));
  CHECK_FALSE(oauth::scope_serves(provider(), Protocol::kPop, "anything"));
}

TEST_CASE("missing_protocols names those in the order wanted", "[oauth][scope]") {
  const std::vector<Protocol> all = {Protocol::kSmtp, Protocol::kPop, Protocol::kImap};

  CHECK(
      oauth::missing_protocols(provider(), all, "https://outlook.office.com/SMTP.Send mail:smtp") ==
      std::vector<Protocol>{Protocol::kPop, Protocol::kImap});
  CHECK(oauth::missing_protocols(provider(), {Protocol::kImap}, "").empty());
}
