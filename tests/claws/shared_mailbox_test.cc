// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/shared_mailbox.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

constexpr char kAliceAddress[] = "alice@contoso.com";

AccountView receiving(const std::string& name, const std::string& user, bool pop = false) {
  AccountView account;
  account.name = name;
  Service service;
  service.user = user;
  (pop ? account.pop : account.imap) = service;
  return account;
}

}  // namespace

TEST_CASE("shared_mailbox takes an address, and old names for what they mean", "[claws]") {
  const auto [typed, address] = GENERATE(table<std::string, std::string>({
      {"support@contoso.com", "support@contoso.com"},
      {"  support@contoso.com\n", "support@contoso.com"},
      {"alice@contoso.com\\support", "support@contoso.com"},
      {"Alice@contoso.com/support", "support@contoso.com"},
      {"alice@contoso.com\\support@fabrikam.com", "support@fabrikam.com"},
  }));
  CAPTURE(typed);

  const auto mailbox = shared_mailbox(typed, true, kAliceAddress);

  REQUIRE(mailbox.has_value());
  CHECK(mailbox->address == address);
  CHECK(mailbox->pop);
}

TEST_CASE("shared_mailbox refuses what is no address", "[claws]") {
  const auto typed = GENERATE(as<std::string>{}, "", "  ", "support", "@contoso.com", "support@",
                              "a b@contoso.com", "a@b@c", "Support <support@contoso.com>",
                              "a@contoso.com,b@contoso.com");
  CAPTURE(typed);

  const auto mailbox = shared_mailbox(typed, false, kAliceAddress);

  REQUIRE_FALSE(mailbox.has_value());
  CHECK(mailbox.error().kind == Error::Kind::kConfig);
}

TEST_CASE("shared_mailbox refuses an old name that signs in as somebody else", "[claws]") {
  const auto mailbox = shared_mailbox("bob@contoso.com\\support", false, kAliceAddress);

  REQUIRE_FALSE(mailbox.has_value());
  CHECK(mailbox.error().kind == Error::Kind::kConfig);
  CHECK(mailbox.error().what.find("bob@contoso.com") != std::string::npos);
  CHECK(mailbox.error().what.find("support@contoso.com") != std::string::npos);
}

TEST_CASE("account_with finds who has the mailbox, managed or not, by IMAP or POP3", "[claws]") {
  std::vector<AccountView> accounts = {receiving("Work", kAliceAddress),
                                       receiving("Post", "info@contoso.com", true),
                                       receiving("Team", "to-be-changed")};
  accounts[2].intent = AccountIntent{};
  accounts[2].intent->identity = kAliceAddress;
  accounts[2].intent->mailbox = "Support@contoso.com";

  CHECK(account_with(kAliceAddress, accounts) == &accounts[0]);
  CHECK(account_with("INFO@contoso.com", accounts) == &accounts[1]);
  CHECK(account_with("support@contoso.com", accounts) == &accounts[2]);
  CHECK(account_with("sales@contoso.com", accounts) == nullptr);
  CHECK(already_there("support@contoso.com", "Team").what.find("\"Team\"") != std::string::npos);
}

TEST_CASE("intent_for is the same grant for another mailbox", "[claws]") {
  AccountIntent source;
  source.enabled = true;
  source.provider = "contoso";
  source.client = "1234";
  source.tenant = "organizations";
  source.identity = kAliceAddress;
  source.mailbox = "sales@contoso.com";
  source.saved = SavedFields{};
  source.unknown_fields = R"({"colour":"red"})";

  const AccountIntent intent = intent_for({"support@contoso.com", false}, source);

  CHECK(share_a_grant(intent, source));
  CHECK(intent.enabled);
  CHECK(intent.receive_user() == "support@contoso.com");
  CHECK(intent.send_user() == kAliceAddress);
  CHECK_FALSE(intent.saved);  // The new account's own are kept when its fields follow.
  CHECK(intent.unknown_fields.empty());
}

TEST_CASE("account_name_for is a name that folders can be found by", "[claws]") {
  const std::vector<AccountView> accounts = {receiving("support@contoso.com", "x"),
                                             receiving("Support@contoso.com (2)", "y")};

  CHECK(account_name_for("sales@contoso.com", accounts) == "sales@contoso.com");
  CHECK(account_name_for("support@contoso.com", accounts) == "support@contoso.com (3)");
  CHECK(account_name_for("a/b@contoso.com", {}) == "a-b@contoso.com");
}

TEST_CASE("RefusalReader finds the server's own words", "[claws]") {
  const auto [log, words] = GENERATE(table<std::vector<std::string>, std::string>({
      // Claws Mail 4.1 with Dovecot
      {{"[08:38:24] IMAP> Logging support@contoso.test to localhost using XOAUTH2\n",
        "[08:38:25] IMAP< Authentication failed.\n",
        "[08:38:25] ** warning: IMAP error on localhost: LOGIN error\n",
        "[08:38:25] IMAP< Error logging in to localhost\n", "IMAP< * BYE Logging out",
        "IMAP< 3 OK Logout completed."},
       "Authentication failed."},
      // Exchange, where a mailbox may be known and not there
      {{"IMAP> Logging a@b.c to localhost using XOAUTH2", "IMAP< AUTHENTICATE completed.",
        "IMAP< Login to localhost successful",
        "IMAP< 4 BAD User is authenticated but not connected."},
       "User is authenticated but not connected."},
      {{"IMAP< 2 NO [AUTHENTICATIONFAILED] Authentication failed."},
       "[AUTHENTICATIONFAILED] Authentication failed."},
      // The connection broke: nobody said no.
      {{"IMAP< Hello", "IMAP> Logging a@b.c to localhost using XOAUTH2",
        "IMAP< Error logging in to localhost"},
       ""},
      {{"IMAP< * OK there is NO reason", "IMAP> 3 LIST \"\" \" NO \"", "IMAP< [data - 4 bytes]",
        "IMAP< 3 OK NO more"},
       ""},
  }));
  CAPTURE(log.front());
  RefusalReader reader;

  for (const auto& line : log) reader.read(line);

  CHECK(reader.words() == words);
}
