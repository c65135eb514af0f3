// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/shortening.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::cli;

TEST_CASE("an address keeps what tells it from others, and no more", "[cli][shortening]") {
  const auto [address, shorter] = GENERATE(table<std::string, std::string>({
      {"alice@contoso.test", "a***@c***.test"},
      {"b.ob@mail.contoso.co.uk", "b***@m***.uk"},
      {"\xc3\xa9lise@ex\xc3\xa4mple.test", "\xc3\xa9***@e***.test"},
      {"root@localhost", "r***@l***"},
      {"no address", "no address"},
      {"@", "@"},
      {"a @ b", "a @ b"},
  }));
  CHECK(short_address(address) == shorter);
}

TEST_CASE("texts of servers and of ours lose addresses, names and paths", "[cli][shortening]") {
  const Shortening shorten(false, {"Alice@contoso.test", "support@contoso.test", "al@x.y"});
  const auto [text, shorter] = GENERATE(table<std::string, std::string>({
      {"refused <alice@contoso.test>.", "refused <a***@c***.test>."},
      {"alice@contoso.test,bob@x.test", "a***@c***.test,b***@x***.test"},
      {"https://x.test/?u=ALICE%40contoso.test&v", "https://x.test/?u***%40c***.test&v"},
      {"CONTOSO\\alice is disabled", "CONTOSO\\a*** is disabled"},
      {"Alice, malice and alice2", "A***, malice and alice2"},
      {"all is well", "all is well"},  // a name of two letters would be found everywhere
      {"file /home/alice/.config/mail-oauth/bed.json: /servers", "file .../bed.json: /servers"},
      {"\"/var/mail/alice\" is gone", "\".../a***\" is gone"},
      {"/usr/share/a.pem.", ".../a.pem."},
      {"see https://contoso.test/help/imap", "see https://contoso.test/help/imap"},
      {"[SYS/TEMP] and/or I/O", "[SYS/TEMP] and/or I/O"},
      {"", ""},
      {"@@ // @/", "@@ // @/"},
  }));
  CHECK(shorten(text) == shorter);
  CHECK(shorten(shorten(text)) == shorter);
}

TEST_CASE("an error's words are shortened, its codes stay", "[cli][shortening]") {
  Error error = make_error(Error::Kind::kRefused, "no alice@contoso.test", "5.7.139");
  error.said = "not alice@contoso.test";
  error.correlation_id = "11111111-2222-3333-4444-555555555555";

  const Error shorter = Shortening(false)(error);

  CHECK(shorter.what == "no a***@c***.test");
  CHECK(shorter.said == "not a***@c***.test");
  CHECK(shorter.code == "5.7.139");
  CHECK(shorter.correlation_id == error.correlation_id);
  CHECK(Shortening(true)(error).what == error.what);
}
