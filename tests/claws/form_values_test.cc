// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/form_values.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

FormValues filled() {
  FormValues form;
  form.enabled = true;
  form.client = "id";
  form.provider = "bed";
  form.identity = "alice@c.test";
  return form;
}

}  // namespace

TEST_CASE("a new account is filled in from what the host knows", "[claws][form]") {
  const FormValues form = form_of(std::nullopt, {"alice@c.test", "client-of-the-core", "bed"});

  CHECK_FALSE(form.enabled);
  CHECK(form.identity == "alice@c.test");
  CHECK(form.client == "client-of-the-core");
  CHECK(form.provider == "bed");
  CHECK_FALSE(form.shared);
}

TEST_CASE("what is stored comes back on the page", "[claws][form]") {
  AccountIntent stored;
  stored.enabled = true;
  stored.provider = "bed";
  stored.client = "id";
  stored.tenant = "c.test";
  stored.identity = "alice@c.test";
  stored.mailbox = "team@c.test";
  stored.smtp_user = SaslUser::kMailbox;

  const FormValues form = form_of(stored, {"other@c.test", "other", "other"});

  CHECK(form.enabled);
  CHECK(form.client == "id");
  CHECK(form.tenant == "c.test");
  CHECK(form.identity == "alice@c.test");
  CHECK(form.shared);
  CHECK(form.mailbox == "team@c.test");
  CHECK(form.send_as_mailbox);
}

TEST_CASE("what was typed makes the intent, blanks around it left out", "[claws][form]") {
  FormValues form = filled();
  form.identity = "  alice@c.test\n";
  form.shared = true;
  form.mailbox = "team@c.test ";

  const auto intent = intent_of(form, std::nullopt);

  REQUIRE(intent.has_value());
  CHECK(intent->identity == "alice@c.test");
  CHECK(intent->mailbox == "team@c.test");
  CHECK(intent->smtp_user == SaslUser::kIdentity);
}

TEST_CASE("what the page does not show is kept", "[claws][form]") {
  AccountIntent stored;
  stored.saved = SavedFields{};
  stored.saved->userid = "before";
  stored.unknown_fields = R"({"more":1})";

  const auto intent = intent_of(filled(), stored);

  REQUIRE(intent.has_value());
  REQUIRE(intent->saved.has_value());
  CHECK(intent->saved->userid == "before");
  CHECK(intent->unknown_fields == R"({"more":1})");
}

TEST_CASE("the field that is wrong is named as on the page", "[claws][form]") {
  auto [spoil, field] = GENERATE(table<void (*)(FormValues&), std::string>({
      {[](FormValues& form) { form.provider.clear(); }, "Provider"},
      {[](FormValues& form) { form.client = "two words"; }, "Client ID"},
      {[](FormValues& form) { form.tenant = "a b"; }, "Tenant"},
      {[](FormValues& form) { form.identity = "   "; }, "Sign in as"},
      {[](FormValues& form) { form.identity = "a\1b"; }, "Sign in as"},
      {[](FormValues& form) { form.shared = true; }, "Shared mailbox"},
  }));
  FormValues form = filled();
  spoil(form);

  const auto intent = intent_of(form, std::nullopt);

  REQUIRE_FALSE(intent.has_value());
  CHECK(intent.error().kind == Error::Kind::kConfig);
  CHECK(intent.error().what.find(field) == 0);
}

TEST_CASE("turning off is never refused", "[claws][form]") {
  FormValues form;
  form.identity = "  ";
  form.shared = true;

  const auto intent = intent_of(form, std::nullopt);

  REQUIRE(intent.has_value());
  CHECK_FALSE(intent->enabled);
}

TEST_CASE("an old name of a shared mailbox becomes person and mailbox", "[claws][form]") {
  FormValues form = filled();
  form.identity = " alice@contoso.com\\support ";

  auto intent = intent_of(form, std::nullopt);

  REQUIRE(intent.has_value());
  CHECK(intent->identity == "alice@contoso.com");
  CHECK(intent->mailbox == "support@contoso.com");
  CHECK(about_old_names(form).find("support@contoso.com") != std::string::npos);

  form.identity = "alice@contoso.com";
  form.shared = true;
  form.mailbox = "CONTOSO\\alice\\support";
  intent = intent_of(form, std::nullopt);
  REQUIRE(intent.has_value());
  CHECK(intent->identity == "alice@contoso.com");
  CHECK(intent->mailbox == "support@contoso.com");
  CHECK_FALSE(about_old_names(form).empty());
}

TEST_CASE("names that are no old ones stay, without a word", "[claws][form]") {
  FormValues form = filled();
  form.identity = "CONTOSO\\alice";
  form.shared = true;
  form.mailbox = "support@contoso.com";

  const auto intent = intent_of(form, std::nullopt);

  REQUIRE(intent.has_value());
  CHECK(intent->identity == "CONTOSO\\alice");
  CHECK(intent->mailbox == "support@contoso.com");
  CHECK(about_old_names(form).empty());
}

TEST_CASE("the names beside the token come back as they were chosen", "[claws][form]") {
  FormValues form;
  form.enabled = true;
  form.provider = "p";
  form.identity = "alice@c.test";
  form.shared = true;
  form.mailbox = "help@c.test";
  form.receive_as_identity = true;
  form.send_as_mailbox = true;
  form.store = "session";

  const auto intent = intent_of(form, std::nullopt);

  REQUIRE(intent);
  CHECK(intent->receive_user() == "alice@c.test");
  CHECK(intent->send_user() == "help@c.test");
  const FormValues again = form_of(*intent, {});
  CHECK(again.receive_as_identity);
  CHECK(again.send_as_mailbox);
  CHECK(again.store == "session");
}
