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
  intent.saved = SavedFields{"alice", "al",        true,         true, 1,    2,     16,
                             3,       "in.c.test", "out.c.test", {},   true, "list"};
  intent.saved->replaced[Protocol::kImap] = {"in.c.test", 0, false, 0, "imap.bed.test", 993};

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
      {R"({"v":1,"enabled":false,"send":"yes"})", "\"send\""},
      {R"({"v":1,"enabled":false,"send_server":true})", "\"send_server\""},
      {R"({"v":1,"enabled":false,"saved":{"use_pop_auth":1}})", "saved.use_pop_auth"},
      {R"({"v":1,"enabled":false,"saved":{"userid":"a","use_pop_auth":false,"use_smtp_auth":true,)"
       R"("imap_auth_method":-1}})",
       "saved.imap_auth_method"},
      {R"({"v":1,"enabled":false,"saved":{"userid":"a","use_pop_auth":false,"use_smtp_auth":true,)"
       R"("imap_auth_method":1,"pop_auth_method":1,"smtp_auth_method":1,"oauth2_provider":0,)"
       R"("servers":{"imap":{"host":"a.test"}}}})",
       "saved.servers"},
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

TEST_CASE("what version 0.1.0 stored is read, whatever has come to be saved since",
          "[claws][intent]") {
  const auto intent = parse_intent(
      R"({"v":1,"enabled":true,"provider":"bed","client":"c","tenant":"","identity":"alice@c.test",)"
      R"("mailbox":"","smtp_user":"identity","store":"keyring","saved":{"userid":"alice",)"
      R"("smtp_userid":"al","use_pop_auth":true,"use_smtp_auth":true,"imap_auth_method":1,)"
      R"("pop_auth_method":2,"smtp_auth_method":16,"oauth2_provider":3}})");

  REQUIRE(intent);
  CHECK_FALSE(intent->send.has_value());
  REQUIRE(intent->saved);
  SavedFields expected;
  expected.userid = "alice";
  expected.smtp_userid = "al";
  expected.use_pop_auth = true;
  expected.use_smtp_auth = true;
  expected.imap_auth_method = 1;
  expected.pop_auth_method = 2;
  expected.smtp_auth_method = 16;
  expected.oauth2_provider = 3;
  CHECK(*intent->saved == expected);
}

TEST_CASE("a saved field that an older version did not know has its default", "[claws][intent]") {
  const auto intent =
      parse_intent(R"({"v":1,"enabled":false,"saved":{"userid":"alice","smtp_auth_method":16}})");

  REQUIRE(intent);
  REQUIRE(intent->saved);
  CHECK(intent->saved->userid == "alice");
  CHECK(intent->saved->smtp_auth_method == 16);
  CHECK_FALSE(intent->saved->use_pop_auth);
  CHECK(intent->saved->oauth2_provider == 0);
}

TEST_CASE("whether it signs in for sending is kept, and left out while nobody said",
          "[claws][intent]") {
  const bool said = GENERATE(true, false);
  AccountIntent intent;
  CHECK(intent_text(intent).find("\"send\"") == std::string::npos);
  CHECK(intent_text(intent).find("send_server") == std::string::npos);
  intent.send = said;
  intent.send_server = "smtp.c.test";
  CHECK(parse_intent(intent_text(intent))->send == said);
  CHECK(parse_intent(intent_text(intent))->send_server == "smtp.c.test");
}

TEST_CASE("of a newer version's intent the fields from before can be salvaged", "[claws][intent]") {
  const auto saved = salvaged_fields(
      R"({"v":2,"enabled":{"later":1},"saved":{"userid":"alice","imap_auth_method":1}})");

  REQUIRE(saved);
  CHECK(saved->userid == "alice");
  CHECK(saved->imap_auth_method == 1);
  CHECK_FALSE(salvaged_fields(R"({"v":2})"));
  CHECK_FALSE(salvaged_fields(R"({"v":2,"saved":7})"));
  CHECK_FALSE(salvaged_fields("no JSON"));
}

TEST_CASE("the fields wait for their turn while they follow another intent", "[claws][intent]") {
  AccountIntent followed;
  followed.enabled = true;
  followed.provider = "contoso";
  followed.identity = "alice@contoso.test";
  followed.saved = SavedFields{};
  AccountIntent stored = followed;
  stored.store = "session";  // where the sign-in is kept is none of the fields' business
  stored.taken_over = "alice@contoso.test";
  REQUIRE_FALSE(awaits_its_turn(stored, &followed));

  SECTION("it is off") { stored.enabled = false; }
  SECTION("it has another provider") { stored.provider = "fabrikam"; }
  SECTION("it has another client") { stored.client = "another"; }
  SECTION("somebody else signs in") { stored.identity = "bob@contoso.test"; }
  SECTION("it opens a shared mailbox") { stored.mailbox = "team@contoso.test"; }
  SECTION("it signs in to send as well") { stored.send = true; }
  SECTION("it does so elsewhere") { stored.send_server = "smtp.contoso.test"; }
  SECTION("it was turned on anew") { stored.saved.reset(); }

  CHECK(awaits_its_turn(stored, &followed));
}

TEST_CASE("what is off, and has its fields back, waits for nothing", "[claws][intent]") {
  AccountIntent off;
  off.provider = "contoso";
  CHECK_FALSE(awaits_its_turn(off, nullptr));

  // The fields are back; its passwords could not be.
  off.saved = SavedFields{};
  CHECK(awaits_its_turn(off, nullptr));
  CHECK_FALSE(awaits_its_turn(off, &off));
}
