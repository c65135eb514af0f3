// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/request_match.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

Service service(const std::string& user, int port) {
  Service made;
  made.user = user;
  made.server = "mail.c.test";
  made.port = port;
  made.connection.encrypted = true;
  made.speaks_oauth = true;
  return made;
}

AccountView account(int id, const std::string& name, const std::string& user) {
  AccountView view;
  view.id = id;
  view.name = name;
  view.imap = service(user, 993);
  view.smtp = service(user, 587);
  return view;
}

AccountView managed(int id, const std::string& name, const std::string& user,
                    const std::string& identity) {
  AccountView view = account(id, name, user);
  AccountIntent intent;
  intent.enabled = true;
  intent.provider = "bed";
  intent.identity = identity;
  view.intent = intent;
  return view;
}

const PasswordQuestion kAliceQuestion{Protocol::kImap, "alice", "mail.c.test", 993};

}  // namespace

TEST_CASE("a request finds its managed account", "[claws][match]") {
  const std::vector<AccountView> accounts = {account(1, "Other", "bob"),
                                             managed(2, "Work", "alice", "alice")};

  const auto found = account_asking(kAliceQuestion, accounts);

  REQUIRE(found.has_value());
  REQUIRE(*found != nullptr);
  CHECK((*found)->name == "Work");
}

// Who asks by a mechanism of Cyrus SASL does not say it.
TEST_CASE("port 0 is any port, of the same server and user only", "[claws][match]") {
  const std::vector<AccountView> accounts = {account(1, "Other", "bob"),
                                             managed(2, "Work", "alice", "alice")};
  const auto [question, whose] = GENERATE(table<PasswordQuestion, std::string>({
      {{Protocol::kImap, "alice", "mail.c.test", 0}, "Work"},
      {{Protocol::kSmtp, "alice", "mail.c.test", 0}, "Work"},
      {{Protocol::kImap, "bob", "mail.c.test", 0}, ""},        // an ordinary account
      {{Protocol::kImap, "alice", "mail.other.test", 0}, ""},  // another server
      {{Protocol::kPop, "alice", "mail.c.test", 0}, ""},       // another protocol
  }));

  const auto found = account_asking(question, accounts);

  REQUIRE(found.has_value());
  CHECK((*found ? (*found)->name : std::string()) == whose);
}

TEST_CASE("with port 0, two accounts at two ports of a server are refused", "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice@c.test"),
                                       managed(2, "Copy", "alice", "carol@c.test")};
  accounts[1].imap->port = 143;
  REQUIRE(account_asking(kAliceQuestion, accounts).has_value());

  CHECK_FALSE(account_asking({Protocol::kImap, "alice", "mail.c.test", 0}, accounts).has_value());
}

TEST_CASE("other requests are nobody's", "[claws][match]") {
  const std::vector<AccountView> accounts = {account(1, "Other", "bob"),
                                             managed(2, "Work", "alice", "alice")};
  const auto question = GENERATE(values<PasswordQuestion>({
      {Protocol::kImap, "bob", "mail.c.test", 993},        // an ordinary account
      {Protocol::kImap, "alice", "mail.other.test", 993},  // another server
      {Protocol::kImap, "alice", "mail.c.test", 143},      // another port
      {Protocol::kPop, "alice", "mail.c.test", 993},       // another protocol
      {Protocol::kImap, "carol", "mail.c.test", 993},
  }));

  const auto found = account_asking(question, accounts);

  REQUIRE(found.has_value());
  CHECK(*found == nullptr);
}

TEST_CASE("two accounts that fit are refused with both names", "[claws][match]") {
  const auto second = GENERATE(0, 1, 2);
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice@c.test")};
  if (second == 0) accounts.push_back(managed(2, "Copy", "alice", "carol@c.test"));
  if (second == 1) accounts.push_back(account(2, "Copy", "alice"));  // with a password
  if (second == 2) accounts.insert(accounts.begin(), account(2, "Copy", "alice"));

  const auto found = account_asking(kAliceQuestion, accounts);

  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().kind == Error::Kind::kConfig);
  CHECK(found.error().what.find("Work") != std::string::npos);
  CHECK(found.error().what.find("Copy") != std::string::npos);
}

TEST_CASE("two ordinary accounts that fit are the host's own affair", "[claws][match]") {
  const std::vector<AccountView> accounts = {account(1, "A", "alice"), account(2, "B", "alice")};

  const auto found = account_asking(kAliceQuestion, accounts);

  REQUIRE(found.has_value());
  CHECK(*found == nullptr);
}

TEST_CASE("accounts of one grant may ask for each other, over the worse connection",
          "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Own", "alice", "alice"),
                                       managed(2, "Shared", "alice", "Alice")};
  accounts[1].smtp->connection.encrypted = false;
  const PasswordQuestion sends{Protocol::kSmtp, "alice", "mail.c.test", 587};

  const auto found = account_asking(sends, accounts);

  REQUIRE(found.has_value());
  CHECK((*found)->name == "Shared");
}

TEST_CASE("an account that does not log in with OAuth yet gets no token", "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice")};
  accounts[0].imap->speaks_oauth = false;

  const auto found = account_asking(kAliceQuestion, accounts);

  REQUIRE(found.has_value());
  CHECK(*found == nullptr);
}

TEST_CASE("an account whose intent is broken says so", "[claws][match]") {
  std::vector<AccountView> accounts = {account(1, "Work", "alice")};
  accounts[0].trouble = make_error(Error::Kind::kConfig, "broken");

  const auto found = account_asking(kAliceQuestion, accounts);

  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().what == "broken");
}

TEST_CASE("the host's words for protocols", "[claws][match]") {
  CHECK(protocol_of_request("imap") == Protocol::kImap);
  CHECK(protocol_of_request("pop3") == Protocol::kPop);
  CHECK(protocol_of_request("smtp") == Protocol::kSmtp);
  CHECK_FALSE(protocol_of_request("sieve").has_value());
  CHECK_FALSE(protocol_of_request("").has_value());
}
