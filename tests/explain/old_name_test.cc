// SPDX-License-Identifier: GPL-3.0-or-later
#include "explain/old_name.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("old names of shared mailboxes are converted", "[explain][old_name]") {
  const auto [name, domain, identity,
              mailbox] = GENERATE(table<std::string, std::string, std::string, std::string>({
      {"alice@contoso.com\\support", "", "alice@contoso.com", "support@contoso.com"},
      {"alice@contoso.com/support", "", "alice@contoso.com", "support@contoso.com"},
      {"alice@contoso.com\\support@contoso.com", "", "alice@contoso.com", "support@contoso.com"},
      {"alice@contoso.com\\help@fabrikam.com", "x.org", "alice@contoso.com", "help@fabrikam.com"},
      {"contoso.com\\alice\\support", "", "alice@contoso.com", "support@contoso.com"},
      {"contoso.com/alice/support", "", "alice@contoso.com", "support@contoso.com"},
      // Windows' own name of the domain says nothing about the address
      {"CONTOSO\\alice\\support", "contoso.com", "alice@contoso.com", "support@contoso.com"},
      {"CONTOSO\\alice\\support", "", "", ""},
      {"CONTOSO\\alice@contoso.com\\support", "", "alice@contoso.com", "support@contoso.com"},
      {"CONTOSO\\alice\\support@contoso.com", "", "", "support@contoso.com"},
  }));
  CAPTURE(name);

  const auto meaning = explain::from_old_name(name, domain);

  REQUIRE(meaning);
  CHECK(meaning->identity == identity);
  CHECK(meaning->mailbox == mailbox);
}

TEST_CASE("other names are left alone", "[explain][old_name]") {
  const auto name = GENERATE(as<std::string>{}, "", "alice@contoso.com", "alice", "microsoft365",
                             "CONTOSO\\alice",  // a log-on name, and no shared mailbox
                             "\\alice\\support", "alice@contoso.com\\", "\\", "a\\b\\c\\d",
                             "alice@contoso.com\\the team", "alice@contoso.com\\a\tb", "a@b@c\\d",
                             "https://contoso.com/x", "CONTOSO\\\\support");
  CAPTURE(name);

  CHECK_FALSE(explain::from_old_name(name, "contoso.com"));
}

TEST_CASE("a domain is what stands behind the @", "[explain][old_name]") {
  CHECK(explain::domain_of("alice@contoso.com") == "contoso.com");
  CHECK(explain::domain_of("alice").empty());
  CHECK(explain::domain_of("alice@").empty());
  CHECK(explain::domain_of("@contoso.com").empty());
  CHECK(explain::domain_of("").empty());
}

TEST_CASE("there is a word about an old name", "[explain][old_name]") {
  const std::string name = "alice@contoso.com\\support";
  CHECK(
      explain::old_name_words(name, *explain::from_old_name(name)) ==
      "\"alice@contoso.com\\support\" is an old name for a shared mailbox. With OAuth you sign in "
      "as alice@contoso.com and open the mailbox support@contoso.com.");

  const auto open = explain::old_name_words("C\\a\\s", *explain::from_old_name("C\\a\\s"));
  CHECK(open.find("does not say enough") != std::string::npos);
}
