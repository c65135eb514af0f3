// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/accounts.h"

#include "claws/account_gate.h"

namespace mail_oauth::claws {
namespace {

/// As the gate kept it, if it did.
LiveAccount safely_read(const PrefsAccount& account) {
  const AccountGate* gate = AccountGate::standing();
  if (!gate) return read_live(account);
  const LiveAccount* kept = gate->kept(account.account_id);
  LiveAccount live = kept ? *kept : read_live(account);
  live.view.before = gate->logins_of(account.account_id);
  return live;
}

/// With what its fields followed last.
void compare(AccountView& view, const AccountIntent& stored, const AccountGate::Followed* last) {
  view.changing = awaits_its_turn(stored, last ? &last->intent : nullptr);
  if (!last || !stored.enabled) return;
  view.signs_in_to_send = last->signs_in_to_send;
  // That was decided for another server.
  if (last->signs_in_to_send && view.smtp && view.smtp->server != last->sends_at)
    view.changing = true;
}

}  // namespace

std::string text_of(const char* maybe_null) { return maybe_null ? maybe_null : ""; }

std::optional<Result<AccountIntent>> stored_intent(PrefsAccount* account) {
  char key[] = "mail_oauth";
  const char* value = prefs_account_get_privacy_prefs(account, key);
  if (!value) return std::nullopt;
  return parse_intent(value);
}

std::optional<SavedFields> salvaged_fields(PrefsAccount* account) {
  char key[] = "mail_oauth";
  const char* value = prefs_account_get_privacy_prefs(account, key);
  return value ? salvaged_fields(std::string_view(value)) : std::nullopt;
}

void store_intent(PrefsAccount* account, const AccountIntent& intent) {
  char key[] = "mail_oauth";
  std::string value = intent_text(intent);
  prefs_account_set_privacy_prefs(account, key, value.data());
}

AccountView view_of(PrefsAccount* account) {
  AccountView view = safely_read(*account).view;
  if (auto intent = stored_intent(account)) {
    if (!*intent) {
      view.trouble = intent->error();
      return view;
    }
    if (const AccountGate* gate = AccountGate::standing())
      compare(view, **intent, gate->followed(view.id));
    if ((*intent)->enabled) view.intent = std::move(**intent);
  }
  return view;
}

std::vector<AccountView> account_views() {
  std::vector<AccountView> views;
  for (GList* item = account_get_list(); item; item = item->next) {
    views.push_back(view_of(static_cast<PrefsAccount*>(item->data)));
  }
  return views;
}

std::optional<Protocol> receives_by(const PrefsAccount& account) {
  if (account.protocol == A_IMAP4) return Protocol::kImap;
  if (account.protocol == A_POP3) return Protocol::kPop;
  return std::nullopt;
}

PasswordOwner names_of(PrefsAccount* account) { return safely_read(*account).owner; }

std::string account_name(int account_id) {
  const PrefsAccount* account = account_find_from_id(account_id);
  return account ? safely_read(*account).view.name : std::string();
}

HostVersion running_host() {
  const guint version = claws_get_version();
  return {static_cast<int>(version >> 24), static_cast<int>((version >> 16) & 0xff)};
}

}  // namespace mail_oauth::claws
