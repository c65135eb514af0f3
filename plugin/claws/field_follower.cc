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

/// True when the account has to be written.
bool turn_on(PrefsAccount* account, AccountIntent intent) {
  const bool first = !intent.saved;
  if (first) intent.saved = fields_of(*account);
  if (!put_passwords_away(account, password_owner(*account, *intent.saved))) {
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
    bring_passwords_back(password_owner(*account, fields_of(*account)));
    return false;
  }
  const PasswordOwner meanwhile = password_owner(*account, fields_of(*account));
  write_fields(account, *intent.saved);
  const PasswordOwner owner = password_owner(*account, *intent.saved);
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
  intent.taken_over.clear();
  store_intent(account, intent);
  return true;
}

AccountNames names_of(PrefsAccount* account) {
  AccountNames names{password_owner(*account, fields_of(*account)), false};
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

bool follow(PrefsAccount* account, const FieldFollower::TurnedOff& turned_off) {
  auto intent = stored_intent(account);
  if (!intent) return false;
  if (!*intent) {
    keep_safe_while_unreadable(account, names_of(account));
    tell(text_of(account->account_name), intent->error());
    return false;
  }
  if ((*intent)->enabled) return turn_on(account, std::move(**intent));
  const bool off = turn_off(account, **intent);
  if (off && turned_off) turned_off(account->account_id, **intent);
  return off;
}

void write_servers(PrefsAccount* account, const std::map<Protocol, MailServer>& servers) {
  const auto tls = [](const MailServer& server) {
    return server.tls == TlsMode::kStartTls ? SSL_STARTTLS : SSL_TUNNEL;
  };
  for (const auto& [protocol, server] : servers) {
    const auto port = static_cast<gushort>(server.port);
    if (protocol == Protocol::kImap && account->protocol == A_IMAP4) {
      replace(account->recv_server, server.host);
      account->ssl_imap = tls(server);
      account->set_imapport = TRUE;
      account->imapport = port;
    } else if (protocol == Protocol::kPop && account->protocol == A_POP3) {
      replace(account->recv_server, server.host);
      account->ssl_pop = tls(server);
      account->set_popport = TRUE;
      account->popport = port;
    } else if (protocol == Protocol::kSmtp) {
      replace(account->smtp_server, server.host);
      account->ssl_smtp = tls(server);
      account->set_smtpport = TRUE;
      account->smtpport = port;
    }
  }
}

/// What a person wrote on the host's own page wins over ours, and is the intent from here on.
bool take_edited_user(PrefsAccount* account, const AccountNames& before) {
  auto stored = stored_intent(account);
  if (!stored || !*stored || !(*stored)->enabled || !(*stored)->saved) return false;
  AccountIntent& intent = **stored;
  const std::string user = text_of(account->userid);
  if (user.empty() || user == before.owner.user || user == intent.receive_user()) return false;
  if (intent.mailbox.empty() || intent.receive_as == SaslUser::kIdentity) {
    intent.identity = user;
  } else {
    intent.mailbox = g_ascii_strcasecmp(user.c_str(), intent.identity.c_str()) == 0 ? "" : user;
  }
  store_intent(account, intent);
  tell(format(_("{1}: the user ID that you entered, {2}, is used for the sign-in, too."),
              {text_of(account->account_name), user}));
  return true;
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

void FieldFollower::use_servers(int account_id, std::map<Protocol, MailServer> servers) {
  servers_[account_id] = std::move(servers);
}

/// Made in the window that is gone: on the host's pages, and on ours.
bool FieldFollower::take_edits(PrefsAccount* account) {
  bool write = false;
  const auto before = names_.find(account->account_id);
  if (before != names_.end()) write = take_edited_user(account, before->second);
  const auto servers = servers_.find(account->account_id);
  if (servers == servers_.end()) return write;
  write_servers(account, servers->second);
  return true;
}

void FieldFollower::follow_all() {
  bool write = false;
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    write = take_edits(account) || write;
    write = follow(account, turned_off_) || write;
  }
  names_.clear();
  servers_.clear();
  if (write) prefs_account_write_config_all(account_get_list());
  if (followed_) followed_();
}

void FieldFollower::schedule() {
  if (!idle_) idle_ = g_idle_add_full(G_PRIORITY_HIGH_IDLE, on_idle, this, nullptr);
}

void FieldFollower::window_opened() {
  if (windows_++ > 0) return;
  names_.clear();
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    names_[account->account_id] = names_of(account);
  }
}

void FieldFollower::window_closed() {
  if (windows_ > 0) --windows_;
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
