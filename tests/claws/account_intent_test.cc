// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_intent.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

// As docs/claws-account.md shows it to administrators.
constexpr char kDocumented[] =
    R"({"v":1,"enabled":true,"provider":"microsoft365","client":"11111111-2222","tenant":"contoso.com",)"
    R"("identity":"alice@contoso.com","mailbox":"support@contoso.com","smtp_user":"identity",)"
    R"("store":"keyring"})";

}  // namespace

TEST_CASE("whose sign-in was taken over is kept until the account is turned off",
          "[claws][intent]") {
  const auto intent = parse_intent(R"({"v":1,"enabled":false,"taken_over":"alice@contoso.test"})");

  REQUIRE(intent);
  CHECK(intent->taken_over == "alice@contoso.test");
  CHECK(parse_intent(intent_text(*intent))->taken_over == "alice@contoso.test");
  CHECK(intent_text(AccountIntent()).find("taken_over") == std::string::npos);
}

TEST_CASE("an intent names one of the plugin's stores", "[claws][intent]") {
  const auto store = GENERATE(as<std::string>{}, "keyring", "claws", "session");

  const auto intent = parse_intent(R"({"v":1,"enabled":false,"store":")" + store + "\"}");

  REQUIRE(intent);
  CHECK(intent->store == store);
  CHECK(parse_intent(intent_text(*intent))->store == store);
}

TEST_CASE("parse_intent reads what the documentation shows", "[claws][intent]") {
  const auto intent = parse_intent(kDocumented);

  REQUIRE(intent.has_value());
  CHECK(intent->enabled);
  CHECK(intent->provider == "microsoft365");
  CHECK(intent->client == "11111111-2222");
  CHECK(intent->tenant == "contoso.com");
  CHECK(intent->identity == "alice@contoso.com");
  CHECK(intent->mailbox == "support@contoso.com");
  CHECK(intent->smtp_user == SaslUser::kIdentity);
  CHECK(intent->store == "keyring");
  CHECK_FALSE(intent->saved.has_value());
}

TEST_CASE("the name beside the token is chosen for each direction", "[claws][intent]") {
  const auto [mailbox, smtp_user, receives, sends] =
      GENERATE(table<std::string, SaslUser, std::string, std::string>({
          {"", SaslUser::kIdentity, "alice@c.test", "alice@c.test"},
          {"", SaslUser::kMailbox, "alice@c.test", "alice@c.test"},
          {"help@c.test", SaslUser::kIdentity, "help@c.test", "alice@c.test"},
          {"help@c.test", SaslUser::kMailbox, "help@c.test", "help@c.test"},
      }));
  AccountIntent intent;
  intent.identity = "alice@c.test";
  intent.mailbox = mailbox;
  intent.smtp_user = smtp_user;

  CHECK(intent.receive_user() == receives);
  CHECK(intent.send_user() == sends);
}

TEST_CASE("an intent survives being written and read", "[claws][intent]") {
  AccountIntent intent;
  intent.enabled = true;
  intent.provider = "bed";
  intent.identity = "al\"ice@c.test";
  intent.mailbox = "hälp@c.test";
  intent.smtp_user = SaslUser::kMailbox;
  intent.saved = SavedFields{"alice", "al", true, true, 1, 2, 16, 3};

  const auto read = parse_intent(intent_text(intent));

  REQUIRE(read.has_value());
  CHECK(read->identity == intent.identity);
  CHECK(read->mailbox == intent.mailbox);
  CHECK(read->smtp_user == SaslUser::kMailbox);
  REQUIRE(read->saved.has_value());
  CHECK(*read->saved == *intent.saved);
}

TEST_CASE("keys of a newer version are kept", "[claws][intent]") {
  const auto intent =
      parse_intent(R"({"v":1,"enabled":false,"colour":"red","more":{"deep":[1,2]}})");
  REQUIRE(intent.has_value());

  const std::string text = intent_text(*intent);

  CHECK(text.find(R"("colour":"red")") != std::string::npos);
  CHECK(text.find(R"("deep":[1,2])") != std::string::npos);
}

TEST_CASE("parse_intent names the key that is wrong", "[claws][intent]") {
  const auto [text, key] = GENERATE(table<std::string, std::string>({
      {"", "mail_oauth"},                         // nothing
      {"enabled", "mail_oauth"},                  // no JSON
      {"[]", "mail_oauth"},                       // no object
      {R"({"enabled":true})", "\"v\""},           // no version
      {R"({"v":2,"enabled":false})", "\"v\""},    // a later one
      {R"({"v":1})", "enabled"},                  // the toggle itself
      {R"({"v":1,"enabled":"yes"})", "enabled"},  // a word for a flag
      {R"({"v":1,"enabled":true,"identity":"a@b.c"})", "provider"},
      {R"({"v":1,"enabled":true,"provider":"p"})", "identity"},
      {R"({"v":1,"enabled":true,"provider":7,"identity":"a@b.c"})", "provider"},
      {R"({"v":1,"enabled":true,"provider":"p","identity":"a\u0001b"})", "identity"},
      {R"({"v":1,"enabled":false,"smtp_user":"me"})", "smtp_user"},
      {R"({"v":1,"enabled":false,"receive_user":"me"})", "receive_user"},
      {R"({"v":1,"enabled":false,"store":"attic"})", "store"},
      {R"({"v":1,"enabled":false,"saved":true})", "saved"},
      {R"({"v":1,"enabled":false,"saved":{"userid":"a"}})", "saved.use_pop_auth"},
      {R"({"v":1,"enabled":false,"saved":{"userid":"a","use_pop_auth":false,"use_smtp_auth":true,)"
       R"("imap_auth_method":-1}})",
       "saved.imap_auth_method"},
  }));
  CAPTURE(text);

  const auto intent = parse_intent(text);

  REQUIRE_FALSE(intent.has_value());
  CHECK(intent.error().kind == Error::Kind::kConfig);
  CHECK(intent.error().what.find(key) != std::string::npos);
}

TEST_CASE("accounts share a grant when the same person signs in alike", "[claws][intent]") {
  AccountIntent one;
  one.provider = "p";
  one.client = "c";
  one.identity = "Alice@c.test";
  AccountIntent other = one;
  other.identity = "alice@C.test";
  other.mailbox = "support@c.test";
  CHECK(share_a_grant(one, other));

  other.client = "another";
  CHECK_FALSE(share_a_grant(one, other));
}

TEST_CASE("who receives from a shared mailbox may be named beside the token", "[claws][intent]") {
  auto intent = parse_intent(
      R"({"v":1,"enabled":true,"provider":"p","identity":"alice@c.test","mailbox":"help@c.test",)"
      R"("receive_user":"identity","smtp_user":"mailbox"})");

  REQUIRE(intent);
  CHECK(intent->receive_user() == "alice@c.test");
  CHECK(intent->send_user() == "help@c.test");
  const auto again = parse_intent(intent_text(*intent));
  REQUIRE(again);
  CHECK(again->receive_as == SaslUser::kIdentity);
}

TEST_CASE("without a word on it the mailbox receives, as before there was one", "[claws][intent]") {
  const auto intent = parse_intent(
      R"({"v":1,"enabled":true,"provider":"p","identity":"a@c.test","mailbox":"help@c.test"})");

  REQUIRE(intent);
  CHECK(intent->receive_user() == "help@c.test");
  CHECK(intent_text(*intent).find("receive_user") == std::string::npos);
}
