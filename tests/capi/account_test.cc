// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/account.h"

#include <cstddef>
#include <cstring>
#include <vector>

#include "support/catch.h"

using namespace mail_oauth;

namespace {

mail_oauth_account asked(const char* address) {
  mail_oauth_account account = {};
  account.size = sizeof account;
  account.address = address;
  return account;
}

}  // namespace

TEST_CASE("an account is read as it stands", "[capi]") {
  mail_oauth_account account = asked("alice@contoso.test");
  account.mailbox = "support@contoso.test";
  account.provider = "bed";

  const auto read = capi::read_account(&account);

  REQUIRE(read);
  CHECK(read->filter.address == "alice@contoso.test");
  CHECK(read->mailbox == "support@contoso.test");
  CHECK(read->filter.provider == "bed");
  CHECK(read->filter.tenant.empty());
  CHECK_FALSE(read->exact());
  account.client = "c";
  CHECK(capi::read_account(&account)->exact());
}

TEST_CASE("names that are not text are refused before anybody is asked", "[capi]") {
  mail_oauth_account account = asked("alice@contoso.com");
  const char* bad = "m\xfcller@contoso.com";
  SECTION("address") { account.address = bad; }
  SECTION("mailbox") { account.mailbox = bad; }
  SECTION("provider") { account.provider = bad; }
  SECTION("client") { account.client = bad; }
  SECTION("tenant") { account.tenant = bad; }

  const auto read = capi::read_account(&account);

  REQUIRE_FALSE(read);
  CHECK(read.error().kind == Error::Kind::kConfig);
  CHECK(read.error().code == "not-text");
}

TEST_CASE("what is no mail address is refused", "[capi]") {
  const auto address =
      GENERATE(as<std::string>{}, "", "alice", "@contoso.test", "alice@", "a b@c.d",
               "alice@contoso.test\r\nA2 LOGOUT", "alice@contoso.test\1auth=Bearer x");
  CAPTURE(address);
  mail_oauth_account account = asked(address.c_str());
  CHECK(capi::read_account(&account).error().kind == Error::Kind::kConfig);

  account.address = "alice@contoso.test";
  account.mailbox = address.c_str();
  CHECK(capi::read_account(&account).has_value() == address.empty());
}

TEST_CASE("the structure of the first version is read, and nothing behind it", "[capi]") {
  mail_oauth_account account = asked("alice@contoso.test");
  account.tenant = "t";
  account.size = offsetof(mail_oauth_account, tenant) + sizeof account.tenant;
  // A program that was built with the first version has nothing there that is its own.
  std::vector<char> given(account.size);
  std::memcpy(given.data(), &account, account.size);

  const auto read = capi::read_account(reinterpret_cast<const mail_oauth_account*>(given.data()));

  REQUIRE(read);
  CHECK(read->filter.address == "alice@contoso.test");
  CHECK(read->filter.tenant == "t");
}

TEST_CASE("a structure of a size that no version had is a mistake, and so is none", "[capi]") {
  CHECK(capi::read_account(nullptr).error().kind == Error::Kind::kConfig);
  mail_oauth_account account = asked("alice@contoso.test");
  for (const std::size_t size :
       {std::size_t{0}, offsetof(mail_oauth_account, tenant), std::size_t{1} << 20}) {
    account.size = size;
    CHECK(capi::read_account(&account).error().what.find("mail_oauth_account") !=
          std::string::npos);
  }
}

TEST_CASE("a later program's longer structure is read as far as it is known", "[capi]") {
  struct Later {
    mail_oauth_account known;
    const char* more;
  } later = {asked("alice@contoso.test"), "what no one here knows"};
  later.known.size = sizeof later;

  CHECK(capi::read_account(&later.known));
}

TEST_CASE("options are zero where nothing is said", "[capi]") {
  CHECK_FALSE(capi::read_options(nullptr)->never_prompt);
  mail_oauth_options options = {};
  CHECK(capi::read_options(&options).error().kind == Error::Kind::kConfig);
  options.size = sizeof options;
  options.plain_on_loopback = 2;
  CHECK(capi::read_options(&options)->plain_on_loopback);
  CHECK_FALSE(capi::read_options(&options)->never_prompt);
}

TEST_CASE("protocols are those of the header", "[capi]") {
  CHECK(*capi::read_protocol(MAIL_OAUTH_IMAP) == Protocol::kImap);
  CHECK(*capi::read_protocol(MAIL_OAUTH_POP3) == Protocol::kPop);
  CHECK(*capi::read_protocol(MAIL_OAUTH_SMTP) == Protocol::kSmtp);
  CHECK(capi::read_protocol(0).error().kind == Error::Kind::kConfig);
}

TEST_CASE("the name beside the token is the provider's choice for shared mailboxes", "[capi]") {
  Provider provider;
  provider.sasl_user[Protocol::kSmtp] = SaslUser::kIdentity;
  const GrantKey key = grant_key({"bed", "c", ""}, "alice@contoso.test");
  capi::Account own;
  capi::Account shared;
  shared.mailbox = "support@contoso.test";

  CHECK(capi::sasl_user(own, key, provider, Protocol::kImap) == "alice@contoso.test");
  CHECK(capi::sasl_user(shared, key, provider, Protocol::kImap) == "support@contoso.test");
  CHECK(capi::sasl_user(shared, key, provider, Protocol::kPop) == "support@contoso.test");
  CHECK(capi::sasl_user(shared, key, provider, Protocol::kSmtp) == "alice@contoso.test");
}
