// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/form_values.h"

#include <algorithm>

#include "base/i18n.h"
#include "explain/old_name.h"

namespace mail_oauth::claws {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_a_name(const std::string& text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
  });
}

Error bad_field(const char* field, const char* title, const char* what) {
  return make_error(Error::Kind::kConfig, format("{}: {}", {title, what}), field);
}

/// "alice@contoso.com\\support" as the person or as the mailbox. Nothing when it does not say both.
std::optional<explain::OldName> meaning_of(const std::string& name, const std::string& identity) {
  auto meaning = explain::from_old_name(name, explain::domain_of(identity));
  if (!meaning || meaning->identity.empty() || meaning->mailbox.empty()) return std::nullopt;
  return meaning;
}

void convert_old_names(AccountIntent& intent) {
  if (const auto whole = meaning_of(intent.identity, {})) {
    intent.identity = whole->identity;
    if (intent.mailbox.empty()) intent.mailbox = whole->mailbox;
  }
  if (const auto whole = meaning_of(intent.mailbox, intent.identity)) {
    intent.mailbox = whole->mailbox;
    if (intent.identity.empty()) intent.identity = whole->identity;
  }
}

Result<void> check(const AccountIntent& intent, const FormValues& form) {
  if (intent.provider.empty()) {
    return bad_field(kProviderField, _("Provider"), _("choose who the mail account is with."));
  }
  if (!intent.client.empty() && !is_a_name(intent.client)) {
    return bad_field(kClientField, _("Client ID"), _("there are blanks inside."));
  }
  if (!intent.tenant.empty() && !is_a_name(intent.tenant)) {
    return bad_field(kTenantField, _("Tenant"), _("there are blanks inside."));
  }
  if (!is_a_name(intent.identity)) {
    return bad_field(kIdentityField, _("Sign in as"),
                     _("enter the name with which you sign in, without blanks."));
  }
  if (form.shared && !is_a_name(intent.mailbox)) {
    return bad_field(kMailboxField, _("Shared mailbox"),
                     _("enter the address of the shared mailbox."));
  }
  return {};
}

}  // namespace

FormValues form_of(const std::optional<AccountIntent>& stored, const FormDefaults& defaults) {
  FormValues form;
  if (!stored) {
    form.client = defaults.client;
    form.provider = defaults.provider;
    form.identity = defaults.address;
    return form;
  }
  form.enabled = stored->enabled;
  form.client = stored->client;
  form.provider = stored->provider;
  form.tenant = stored->tenant;
  form.identity = stored->identity.empty() ? defaults.address : stored->identity;
  form.shared = !stored->mailbox.empty();
  form.mailbox = stored->mailbox;
  form.receive_as_identity = stored->receive_as == SaslUser::kIdentity;
  form.send_as_mailbox = stored->smtp_user == SaslUser::kMailbox;
  form.store = stored->store;
  return form;
}

Result<AccountIntent> intent_of(const FormValues& form,
                                const std::optional<AccountIntent>& stored) {
  AccountIntent intent = stored.value_or(AccountIntent{});
  intent.enabled = form.enabled;
  intent.client = trimmed(form.client);
  intent.provider = form.provider;
  intent.store = form.store;
  intent.tenant = trimmed(form.tenant);
  intent.identity = trimmed(form.identity);
  intent.mailbox = form.shared ? trimmed(form.mailbox) : std::string{};
  convert_old_names(intent);
  intent.receive_as = form.receive_as_identity ? SaslUser::kIdentity : SaslUser::kMailbox;
  intent.smtp_user = form.send_as_mailbox ? SaslUser::kMailbox : SaslUser::kIdentity;
  if (form.enabled) {
    const auto checked = check(intent, form);
    if (!checked) return checked.error();
  }
  return intent;
}

std::string about_old_names(const FormValues& form) {
  const std::string identity = trimmed(form.identity);
  const std::string mailbox = form.shared ? trimmed(form.mailbox) : std::string{};
  for (const std::string& name : {identity, mailbox}) {
    if (const auto meaning = meaning_of(name, identity)) {
      return explain::old_name_words(name, *meaning);
    }
  }
  return {};
}

}  // namespace mail_oauth::claws
