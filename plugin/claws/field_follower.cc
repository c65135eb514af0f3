// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/field_follower.h"

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "claws/password_mover.h"

namespace mail_oauth::claws {
namespace {

/// 4.2 and newer send POP3's token on a line of its own, as Microsoft wants it and RFC 5034 section
/// 4 does for long ones, only for an account whose own OAuth provider is one of Microsoft's; older
/// ones ignore the field for POP3.
constexpr int kTwoLinePopProvider = 2;

void replace(char*& field, const std::string& value) {
  if (text_of(field) == value) return;
  g_free(field);
  field = g_strdup(value.c_str());
}

template <class Field, class Value>
void assign(Field& field, Value value) {
  field = static_cast<Field>(value);
}

SavedFields fields_of(const PrefsAccount& account) {
  SavedFields fields;
  fields.userid = text_of(account.userid);
  fields.smtp_userid = text_of(account.smtp_userid);
  fields.use_pop_auth = account.use_pop_auth;
  fields.use_smtp_auth = account.use_smtp_auth;
  fields.imap_auth_method = account.imap_auth_type;
  fields.pop_auth_method = account.pop_auth_type;
  fields.smtp_auth_method = account.smtp_auth_type;
  fields.oauth2_provider = account.oauth2_provider;
  return fields;
}

void write_fields(PrefsAccount* account, const SavedFields& fields) {
  replace(account->userid, fields.userid);
  replace(account->smtp_userid, fields.smtp_userid);
  assign(account->use_pop_auth, fields.use_pop_auth);
  assign(account->use_smtp_auth, fields.use_smtp_auth);
  assign(account->imap_auth_type, fields.imap_auth_method);
  assign(account->pop_auth_type, fields.pop_auth_method);
  assign(account->smtp_auth_type, fields.smtp_auth_method);
  assign(account->oauth2_provider, fields.oauth2_provider);
}

SavedFields wanted_fields(const PrefsAccount& account, const AccountIntent& intent) {
  SavedFields fields = fields_of(account);
  fields.userid = intent.receive_user();
  fields.smtp_userid = intent.send_user();
  fields.use_smtp_auth = true;
  fields.smtp_auth_method = SMTPAUTH_OAUTH2;
  if (account.protocol == A_IMAP4) fields.imap_auth_method = IMAP_AUTH_OAUTH2;
  if (account.protocol == A_POP3) {
    fields.use_pop_auth = true;
    fields.pop_auth_method = POPAUTH_OAUTH2;
    fields.oauth2_provider = kTwoLinePopProvider;
  }
  return fields;
}

PasswordOwner owner_of(const PrefsAccount& account, const SavedFields& fields) {
  return {account.account_id, fields.userid, fields.smtp_userid, text_of(account.recv_server),
          text_of(account.smtp_server)};
}

/// True when the account has to be written.
bool turn_on(PrefsAccount* account, AccountIntent intent) {
  const bool first = !intent.saved;
  if (first) intent.saved = fields_of(*account);
  if (!put_passwords_away(account, owner_of(*account, *intent.saved))) {
    tell(
        text_of(account->account_name),
        make_error(Error::Kind::kStorage,
                   _("The stored passwords could not be moved out of reach, so the account was not "
                     "changed to OAuth. Is the primary passphrase given?")));
    return false;
  }
  if (first) store_intent(account, intent);
  const SavedFields wanted = wanted_fields(*account, intent);
  const bool differs = fields_of(*account) != wanted;
  if (differs) write_fields(account, wanted);
  return first || differs;
}

bool turn_off(PrefsAccount* account, AccountIntent intent) {
  if (!intent.saved) {
    // Turned off before the fields followed: only passwords may have moved.
    bring_passwords_back(owner_of(*account, fields_of(*account)));
    return false;
  }
  const PasswordOwner meanwhile = owner_of(*account, fields_of(*account));
  write_fields(account, *intent.saved);
  const PasswordOwner owner = owner_of(*account, *intent.saved);
  prefs_account_write_config_all(account_get_list());
  if (!bring_passwords_back(owner) || !bring_passwords_back(meanwhile)) {
    tell(
        text_of(account->account_name),
        make_error(Error::Kind::kStorage,
                   _("The account's passwords could not be brought back. Is the primary passphrase "
                     "given? It is tried again at the next start.")));
    return false;
  }
  intent.saved.reset();
  store_intent(account, intent);
  return true;
}

AccountNames names_of(PrefsAccount* account) {
  AccountNames names{owner_of(*account, fields_of(*account)), false};
  const AccountView view = view_of(account);
  for (const auto protocol : kProtocols) {
    const auto& service = view.service(protocol);
    if (service && service->speaks_oauth) names.speaks_oauth = true;
  }
  return names;
}

/// It was turned on once, and now nobody knows whose it was: under the names of today, then.
void keep_safe_while_unreadable(PrefsAccount* account, const AccountNames& names) {
  if (names.speaks_oauth) put_passwords_away(account, names.owner);
}

/// Reads no string of the account: `names` are those to go by.
void put_away_if_managed(PrefsAccount* account, const AccountNames& names) {
  const auto intent = stored_intent(account);
  if (!intent) return;
  if (!*intent) return keep_safe_while_unreadable(account, names);
  if (!(*intent)->enabled || !(*intent)->saved) return;
  PasswordOwner owner = names.owner;
  owner.user = (*intent)->saved->userid;
  owner.smtp_user = (*intent)->saved->smtp_userid;
  put_passwords_away(account, owner);
}

bool follow(PrefsAccount* account) {
  auto intent = stored_intent(account);
  if (!intent) return false;
  if (!*intent) {
    keep_safe_while_unreadable(account, names_of(account));
    tell(text_of(account->account_name), intent->error());
    return false;
  }
  return (*intent)->enabled ? turn_on(account, std::move(**intent))
                            : turn_off(account, std::move(**intent));
}

}  // namespace

void put_managed_passwords_away() {
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    put_away_if_managed(account, names_of(account));
  }
}

FieldFollower::~FieldFollower() {
  if (idle_) g_source_remove(idle_);
}

void FieldFollower::follow_all() {
  bool write = false;
  for (GList* item = account_get_list(); item; item = item->next) {
    write = follow(static_cast<PrefsAccount*>(item->data)) || write;
  }
  if (write) prefs_account_write_config_all(account_get_list());
  if (followed_) followed_();
}

void FieldFollower::schedule() {
  if (!idle_) idle_ = g_idle_add_full(G_PRIORITY_HIGH_IDLE, on_idle, this, nullptr);
}

void FieldFollower::window_opened() {
  if (windows_++ > 0) return;
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    names_[account->account_id] = names_of(account);
  }
}

void FieldFollower::window_closed() {
  if (windows_ > 0) --windows_;
  if (windows_ == 0) names_.clear();
  schedule();
}

void FieldFollower::put_away_behind_window() {
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    const auto names = names_.find(account->account_id);
    if (names != names_.end()) put_away_if_managed(account, names->second);
  }
}

gboolean FieldFollower::on_idle(gpointer self) {
  return guarded("account fields", G_SOURCE_REMOVE, [&] {
    auto* follower = static_cast<FieldFollower*>(self);
    follower->idle_ = 0;
    if (follower->windows_ > 0) {
      // The window may just have stored the passwords that it shows.
      follower->put_away_behind_window();
    } else {
      follower->follow_all();
    }
    return G_SOURCE_REMOVE;
  });
}

}  // namespace mail_oauth::claws
