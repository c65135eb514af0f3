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

/// As a manifest with a client of its own has it.
Result<GrantKey> known_grant(const AccountView& account) {
  const AccountIntent& intent = *account.intent;
  if (intent.provider != "bed") return make_error(Error::Kind::kConfig, "Nobody knows it.");
  return grant_key({"bed", intent.client.empty() ? "the-beds-own" : intent.client, ""},
                   intent.identity);
}

const PasswordQuestion kAliceQuestion{Protocol::kImap, "alice", "mail.c.test", 993};

}  // namespace

TEST_CASE("a request finds its managed account", "[claws][match]") {
  const std::vector<AccountView> accounts = {account(1, "Other", "bob"),
                                             managed(2, "Work", "alice", "alice")};

  const auto found = account_asking(kAliceQuestion, accounts, known_grant);

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

  const auto found = account_asking(question, accounts, known_grant);

  REQUIRE(found.has_value());
  CHECK((*found ? (*found)->name : std::string()) == whose);
}

TEST_CASE("with port 0, two accounts at two ports of a server are refused", "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice@c.test"),
                                       managed(2, "Copy", "alice", "carol@c.test")};
  accounts[1].imap->port = 143;
  REQUIRE(account_asking(kAliceQuestion, accounts, known_grant).has_value());

  CHECK_FALSE(account_asking({Protocol::kImap, "alice", "mail.c.test", 0}, accounts, known_grant)
                  .has_value());
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

  const auto found = account_asking(question, accounts, known_grant);

  REQUIRE(found.has_value());
  CHECK(*found == nullptr);
}

TEST_CASE("two accounts that fit are refused with both names", "[claws][match]") {
  const auto second = GENERATE(0, 1, 2);
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice@c.test")};
  if (second == 0) accounts.push_back(managed(2, "Copy", "alice", "carol@c.test"));
  if (second == 1) accounts.push_back(account(2, "Copy", "alice"));  // with a password
  if (second == 2) accounts.insert(accounts.begin(), account(2, "Copy", "alice"));

  const auto found = account_asking(kAliceQuestion, accounts, known_grant);

  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().kind == Error::Kind::kConfig);
  CHECK(found.error().what.find("Work") != std::string::npos);
  CHECK(found.error().what.find("Copy") != std::string::npos);
}

TEST_CASE("two ordinary accounts that fit are the host's own affair", "[claws][match]") {
  const std::vector<AccountView> accounts = {account(1, "A", "alice"), account(2, "B", "alice")};

  const auto found = account_asking(kAliceQuestion, accounts, known_grant);

  REQUIRE(found.has_value());
  CHECK(*found == nullptr);
}

TEST_CASE("accounts of one grant may ask for each other, over the worse connection",
          "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Own", "alice", "alice"),
                                       managed(2, "Shared", "alice", "Alice")};
  accounts[1].smtp->connection.encrypted = false;
  const PasswordQuestion sends{Protocol::kSmtp, "alice", "mail.c.test", 587};

  const auto found = account_asking(sends, accounts, known_grant);

  REQUIRE(found.has_value());
  CHECK((*found)->name == "Shared");
}

TEST_CASE("an account that does not log in with OAuth yet gets no token", "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice")};
  accounts[0].imap->speaks_oauth = false;

  const auto found = account_asking(kAliceQuestion, accounts, known_grant);

  REQUIRE(found.has_value());
  CHECK(*found == nullptr);
}

TEST_CASE("an account whose intent is broken says so", "[claws][match]") {
  std::vector<AccountView> accounts = {account(1, "Work", "alice")};
  accounts[0].trouble = make_error(Error::Kind::kConfig, "broken");

  const auto found = account_asking(kAliceQuestion, accounts, known_grant);

  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().what == "broken");
}

TEST_CASE("what may come from a managed account is never somebody else's", "[claws][match]") {
  AccountView work = managed(1, "Work", "alice", "alice");
  work.intent->saved = SavedFields{};
  work.intent->saved->userid = "alice-before";
  work.intent->saved->recv_server = "old.c.test";
  work.before = {{"alice-yesterday", "typed.c.test"}};
  const std::vector<AccountView> accounts = {work, account(2, "Other", "bob")};
  const auto [protocol, question] = GENERATE(table<std::optional<Protocol>, PasswordQuestion>({
      // a session at the port of before
      {Protocol::kImap, {Protocol::kImap, "alice", "mail.c.test", 143}},
      // at a server of before
      {Protocol::kImap, {Protocol::kImap, "alice", "old.c.test", 993}},
      {Protocol::kSmtp, {Protocol::kSmtp, "alice-yesterday", "typed.c.test", 25}},
      // by a name of before
      {Protocol::kImap, {Protocol::kImap, "alice-before", "mail.c.test", 993}},
      // at a server that nobody knows: the host asks for accounts only
      {Protocol::kImap, {Protocol::kImap, "alice", "between.c.test", 993}},
      // by a protocol that the account does not have
      {Protocol::kPop, {Protocol::kPop, "alice", "mail.c.test", 995}},
      // by one that is none of ours
      {std::nullopt, {Protocol::kImap, "alice", "mail.c.test", 4190}},
  }));
  CAPTURE(question.user, question.server, question.port);

  const AccountView* found = account_not_ready(protocol, question, accounts);

  REQUIRE(found != nullptr);
  CHECK(found->id == 1);
}

TEST_CASE("what certainly is for nobody managed goes on to the host", "[claws][match]") {
  AccountView own_smtp = managed(1, "Work", "alice", "alice");
  own_smtp.smtp->speaks_oauth = false;
  AccountView ordinary = account(2, "Other", "alice");
  ordinary.imap->server = ordinary.smtp->server = "other.c.test";
  AccountView news;
  news.id = 3;
  news.news = service("alice", 0);
  const std::vector<AccountView> accounts = {own_smtp, ordinary, news};
  const auto [protocol, question] = GENERATE(table<std::optional<Protocol>, PasswordQuestion>({
      // nobody of ours has that user
      {Protocol::kImap, {Protocol::kImap, "carol", "mail.c.test", 993}},
      // an ordinary account logs in just so
      {Protocol::kImap, {Protocol::kImap, "alice", "other.c.test", 993}},
      // and may have done elsewhere, before
      {Protocol::kImap, {Protocol::kImap, "alice", "yesterday.c.test", 993}},
      // the managed one sends with a password of its own
      {Protocol::kSmtp, {Protocol::kSmtp, "alice", "mail.c.test", 587}},
      // news, from a server of the same name
      {std::nullopt, {Protocol::kImap, "alice", "mail.c.test", 119}},
      // sieve, at a server that is nobody's
      {std::nullopt, {Protocol::kImap, "alice", "sieve.c.test", 4190}},
  }));
  CAPTURE(question.user, question.server, question.port);

  CHECK(account_not_ready(protocol, question, accounts) == nullptr);
}

TEST_CASE("an account that is turned on and has not followed yet is refused", "[claws][match]") {
  AccountView fresh = managed(1, "Fresh", "alice", "alice");
  fresh.imap->speaks_oauth = false;
  const std::vector<AccountView> accounts = {fresh};

  const AccountView* found = account_not_ready(Protocol::kImap, kAliceQuestion, accounts);

  CHECK(found == &accounts.front());
}

TEST_CASE("the host's words for protocols", "[claws][match]") {
  CHECK(protocol_of_request("imap") == Protocol::kImap);
  CHECK(protocol_of_request("pop3") == Protocol::kPop);
  CHECK(protocol_of_request("smtp") == Protocol::kSmtp);
  CHECK_FALSE(protocol_of_request("sieve").has_value());
  CHECK_FALSE(protocol_of_request("").has_value());
}

TEST_CASE("an account that names the provider's own client shares the grant of one that names none",
          "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice"),
                                       managed(2, "Team", "alice", "Alice")};
  accounts[0].intent->client = "the-beds-own";
  accounts[0].intent->store = "session";
  CHECK(account_asking(kAliceQuestion, accounts, known_grant).has_value());

  accounts[0].intent->client = "another";
  CHECK_FALSE(account_asking(kAliceQuestion, accounts, known_grant).has_value());
}

TEST_CASE("where no grant is known the words of both accounts decide", "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice"),
                                       managed(2, "Team", "alice", "alice")};
  for (auto& account : accounts) account.intent->provider = "unheard-of";
  CHECK(share_a_grant(accounts[0], accounts[1], known_grant));

  accounts[1].intent->tenant = "other";
  CHECK_FALSE(share_a_grant(accounts[0], accounts[1], known_grant));
}

TEST_CASE("an account that was turned off and has not followed yet is refused", "[claws][match]") {
  AccountView leaving = account(1, "Leaving", "alice");
  leaving.changing = true;
  // Somebody's ordinary account, by the same names, is no way around it.
  const bool beside = GENERATE(false, true);
  std::vector<AccountView> accounts = {leaving};
  if (beside) accounts.insert(accounts.begin(), account(2, "Copy", "alice"));
  const auto protocol = GENERATE(Protocol::kImap, Protocol::kSmtp);
  const PasswordQuestion question{protocol, "alice", "mail.c.test", 0};

  const auto asking = account_asking(question, accounts, known_grant);
  REQUIRE(asking.has_value());
  CHECK(*asking == nullptr);

  const AccountView* found = account_not_ready(protocol, question, accounts);
  REQUIRE(found != nullptr);
  CHECK(found->name == "Leaving");
}

TEST_CASE("whoever logs in by the fields of an account that is changing is found out",
          "[claws][match]") {
  std::vector<AccountView> accounts = {account(1, "Leaving", "alice"), account(2, "Other", "bob")};
  CHECK_FALSE(fits_one_that_changes(kAliceQuestion, accounts));

  accounts[0].changing = true;

  CHECK(fits_one_that_changes(kAliceQuestion, accounts));
  CHECK_FALSE(fits_one_that_changes({Protocol::kImap, "bob", "mail.c.test", 0}, accounts));
}

TEST_CASE("an account whose settings its fields do not follow yet gets no token",
          "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice")};
  accounts[0].changing = true;

  const auto asking = account_asking(kAliceQuestion, accounts, known_grant);

  REQUIRE(asking.has_value());
  CHECK(*asking == nullptr);
  CHECK(account_not_ready(Protocol::kImap, kAliceQuestion, accounts) == &accounts.front());
}

TEST_CASE("an account that is changing sends with its own password where it always did",
          "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Work", "alice", "alice")};
  accounts[0].changing = true;
  accounts[0].smtp->speaks_oauth = false;
  const PasswordQuestion sends{Protocol::kSmtp, "alice", "mail.c.test", 587};

  CHECK(account_not_ready(Protocol::kSmtp, sends, accounts) == nullptr);
}

TEST_CASE("who sends with a password beside one who sends with a token is refused with both names",
          "[claws][match]") {
  std::vector<AccountView> accounts = {managed(1, "Own", "alice", "alice"),
                                       managed(2, "Shared", "alice", "alice")};
  const auto with_password = GENERATE(std::size_t{0}, std::size_t{1});
  accounts[with_password].smtp->speaks_oauth = false;
  const PasswordQuestion sends{Protocol::kSmtp, "alice", "mail.c.test", 587};

  const auto found = account_asking(sends, accounts, known_grant);

  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().what.find("Own") != std::string::npos);
  CHECK(found.error().what.find("Shared") != std::string::npos);
}

TEST_CASE("a server that the account does not sign in to for sending gets no token",
          "[claws][match]") {
  AccountView work = managed(1, "Work", "alice", "alice");
  REQUIRE(may_get_token(Protocol::kSmtp, work).has_value());
  work.signs_in_to_send = false;

  const auto sending = may_get_token(Protocol::kSmtp, work);

  REQUIRE_FALSE(sending.has_value());
  CHECK(sending.error().what.find("mail.c.test") != std::string::npos);
  CHECK(may_get_token(Protocol::kImap, work).has_value());
}
