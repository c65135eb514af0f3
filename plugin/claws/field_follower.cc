// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/field_follower.h"

#include <utility>
#include <vector>

#include "base/guarded.h"
#include "claws/account_fields.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "claws/password_mover.h"
#include "claws/pop_list.h"
#include "claws/sending.h"

namespace mail_oauth::claws {
namespace {

/// What it receives and sends with of its own stays in the host's reach. `sends`: it does so with
/// OAuth.
bool put_away(PrefsAccount* account, const PasswordOwner& owner, bool sends, bool lent = false) {
  const AccountGate* gate = AccountGate::standing();
  const Entries entries{receives_by(*account).has_value(), sends, lent};
  wipe_session_passwords(account, entries, gate && gate->window_is_open());
  return put_passwords_away(owner, entries);
}

/// It was turned on once, and now nobody knows whose it was: under the names of today, then.
void keep_safe_while_unreadable(PrefsAccount* account) {
  const AccountView view = view_of(account);
  // With a password of its own it may send on.
  if (view.speaks_oauth())
    put_away(account, names_of(account), view.smtp && view.smtp->speaks_oauth);
}

void put_away_if_managed(PrefsAccount* account) {
  const auto intent = stored_intent(account);
  if (!intent) return;
  if (!*intent) return keep_safe_while_unreadable(account);
  const AccountView view = view_of(account);
  // Off is not enough: until the fields have followed, they would send a password as a token.
  if (!(*intent)->enabled && !(view.changing && view.speaks_oauth())) return;
  const PasswordOwner now = names_of(account);
  const bool sends = view.smtp && view.smtp->speaks_oauth;
  if (const auto& saved = (*intent)->saved) {
    put_away(account, password_owner(now, *saved), sends, saved->lent);
  } else if (AccountGate::standing() && !AccountGate::standing()->window_is_open()) {
    // Its fields follow with the next turn, under these very names.
    put_away(account, now, sends);
  }
}

/// What the account's fields follow from here on.
void note_followed(AccountGate& gate, PrefsAccount* account, bool signs_in_to_send) {
  const auto intent = stored_intent(account);
  if (!intent || !*intent) return gate.note_followed(account->account_id, std::nullopt);
  gate.note_followed(account->account_id, AccountGate::Followed{**intent, signs_in_to_send,
                                                                text_of(account->smtp_server)});
}

/// "As before" is the host's own OAuth: it would send what it is given as a token.
bool sends_with_own_oauth(const PrefsAccount& account, const SavedFields& saved) {
  return account.smtp_auth_type == SMTPAUTH_OAUTH2 && saved.smtp_auth_method == SMTPAUTH_OAUTH2;
}

bool bring_all_back(const std::vector<PasswordOwner>& owners) {
  bool all = true;
  for (const auto& owner : owners) all = bring_passwords_back(owner) && all;
  return all;
}

std::string pop_list_of(const PrefsAccount& account) {
  if (receives_by(account) != Protocol::kPop) return {};
  return pop_list_name(text_of(account.recv_server), text_of(account.userid));
}

/// From the name that the list `had` to the one that the account comes by. Of another mailbox
/// nothing is taken: what was received there may have the same numbers here. True when `saved` is
/// something new.
bool carry_pop_list(const PrefsAccount& account, const std::string& had, const SavedFields& wanted,
                    bool same_mailbox, SavedFields& saved) {
  if (had.empty() || !same_mailbox) return false;
  const std::string next = pop_list_name(text_of(account.recv_server), wanted.userid);
  if (next == had) return false;
  copy_pop_list(had, next);
  // What belongs to a mailbox that came later does not go back to the first.
  const bool firsts =
      saved.pop_list == had || had == pop_list_name(saved.recv_server, saved.userid);
  if (firsts) saved.pop_list = next;
  return firsts;
}

/// Said without a name it was said for the server of then. True when it had none.
bool name_server_of_yes(const PrefsAccount& account, AccountIntent& intent) {
  if (intent.send != true || !intent.send_server.empty()) return false;
  intent.send_server = text_of(account.smtp_server);
  return !intent.send_server.empty();
}

/// What a person wrote on the host's own page wins over ours, and is the intent from here on.
bool take_edited_user(PrefsAccount* account, const std::string& before) {
  auto stored = stored_intent(account);
  if (!stored || !*stored || !(*stored)->enabled || !(*stored)->saved) return false;
  if (!receives_by(*account)) return false;
  AccountIntent& intent = **stored;
  const std::string user = text_of(account->userid);
  if (user.empty() || user == before || user == intent.receive_user()) return false;
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
    put_away_if_managed(static_cast<PrefsAccount*>(item->data));
  }
}

FieldFollower::~FieldFollower() {
  if (idle_) g_source_remove(idle_);
}

void FieldFollower::use_servers(int account_id, std::map<Protocol, MailServer> servers) {
  servers_.erase(account_id);
  if (!servers.empty()) servers_.emplace(account_id, std::move(servers));
}

void FieldFollower::forget(int account_id) {
  servers_.erase(account_id);
  before_.erase(account_id);
  signs_in_to_send_.erase(account_id);
  connections_.forget(account_id);
}

FieldFollower::Outcome FieldFollower::turn_on(PrefsAccount* account, AccountIntent intent) {
  const bool first = !intent.saved;
  if (first) intent.saved = fields_of(*account);
  bool changed = name_servers(*account, *intent.saved) || first;
  changed = name_server_of_yes(*account, intent) || changed;
  const bool sends = signs_in_to_send(*account, intent, first);
  signs_in_to_send_[account->account_id] = sends;
  if (!sends) changed = learn_sending(fields_of(*account), *intent.saved) || changed;
  const PasswordOwner owner = password_owner(names_of(account), *intent.saved);
  const bool speaks = sends || sends_with_own_oauth(*account, *intent.saved);
  if (speaks && intent.saved->lent) {
    if (is_lent_password(owner) == true) take_lent_password_back(owner.account_id);
    intent.saved->lent = false;
    changed = true;
  }
  if (!put_away(account, owner, speaks, intent.saved->lent)) {
    tell(
        text_of(account->account_name),
        make_error(Error::Kind::kStorage,
                   _("The stored passwords could not be moved out of reach, so the account was not "
                     "changed to OAuth. Is the primary passphrase given?")));
    // It was on before, and goes on as it was.
    const SavedFields now = fields_of(*account);
    const bool as_before =
        !first && servers_.count(account->account_id) == 0 &&
        now == with_login(now, our_login(intent, receives_by(*account), sends), *intent.saved);
    return {false, as_before};
  }
  const std::string pop_list = pop_list_of(*account);
  const auto servers = servers_.find(account->account_id);
  if (servers != servers_.end()) {
    write_servers(account, servers->second, *intent.saved);
    servers_.erase(servers);
    changed = true;
  }
  const SavedFields now = fields_of(*account);
  const SavedFields wanted =
      with_login(now, our_login(intent, receives_by(*account), sends), *intent.saved);
  const bool differs = now != wanted;
  const bool same_mailbox = now.userid == wanted.userid || (first && intent.mailbox.empty());
  changed = carry_pop_list(*account, pop_list, wanted, same_mailbox, *intent.saved) || changed;
  // Noted before it is done: killed in between, nothing was lent.
  if (!speaks && !intent.saved->lent && sends_as_it_receives(wanted, *intent.saved) &&
      can_lend_password(owner)) {
    intent.saved->lent = true;
    changed = true;
  }
  if (changed) store_intent(account, intent);
  if (sends) tell_if_put_back(*account, now, wanted);
  if (differs) write_fields(account, wanted);
  leave_the_rest(account, owner, speaks, intent.saved->lent);
  return {changed || differs, true};
}

void FieldFollower::tell_if_put_back(const PrefsAccount& account, const SavedFields& edited,
                                     const SavedFields& wanted) const {
  const auto before = before_.find(account.account_id);
  if (before == before_.end()) return;
  const SavedFields& was = before->second;
  if (!was.use_smtp_auth || was.smtp_auth_method != kSmtpOauth) return;
  const bool name =
      edited.smtp_userid != was.smtp_userid && edited.smtp_userid != wanted.smtp_userid;
  if (!name && edited.use_smtp_auth && edited.smtp_auth_method == wanted.smtp_auth_method) return;
  tell(format(
      _("{1}: sending goes on with \"Sign in with OAuth\". To log in otherwise, turn its box "
        "for the SMTP server off."),
      {text_of(account.account_name)}));
}

/// What does not sign in has its own passwords: an older version has put all away.
void FieldFollower::leave_the_rest(PrefsAccount* account, const PasswordOwner& owner, bool sends,
                                   bool lends) {
  const bool receives = receives_by(*account).has_value();
  if (sends && receives) return;
  gate_.write();
  bool all = true;
  if (!receives) all = bring_password_back(owner, PWS_ACCOUNT_RECV);
  if (!sends) {
    all = bring_password_back(owner, PWS_ACCOUNT_SEND) && all;
    if (lends) all = lend_password_for_sending(owner) && all;
  }
  if (!all) {
    tell(text_of(account->account_name),
         make_error(Error::Kind::kStorage,
                    _("The password for sending could not be brought back. Is the primary "
                      "passphrase given? It is tried again at the next start.")));
  }
}

bool FieldFollower::signs_in_to_send(const PrefsAccount& account, const AccountIntent& intent,
                                     bool first) const {
  MailRoute route{receives_by(account) ? text_of(account.recv_server) : std::string(),
                  text_of(account.smtp_server)};
  const auto coming = servers_.find(account.account_id);
  if (coming != servers_.end() && coming->second.count(Protocol::kSmtp) != 0)
    route.sends_at = coming->second.at(Protocol::kSmtp).host;
  const auto provider = provider_of_ ? provider_of_(intent.provider) : std::nullopt;
  // While nobody can tell whose servers they are, it stays as it was decided.
  if (!provider && !first && !said_of_sending(intent, route.sends_at)) {
    const auto decided = signs_in_to_send_.find(account.account_id);
    const AccountGate::Followed* last = gate_.followed(account.account_id);
    if (decided != signs_in_to_send_.end())
      return decided->second && last && last->sends_at == route.sends_at;
    return account.smtp_auth_type == SMTPAUTH_OAUTH2 &&
           !sends_with_own_oauth(account, *intent.saved);
  }
  return signs_in_for_sending(intent, route, provider);
}

/// As its fields were before a window in which a person may have edited them.
OurLogin FieldFollower::ours_in(const PrefsAccount& account) const {
  const auto before = before_.find(account.account_id);
  OurLogin ours =
      login_in(before == before_.end() ? fields_of(account) : before->second, receives_by(account));
  const auto decided = signs_in_to_send_.find(account.account_id);
  if (decided != signs_in_to_send_.end()) ours.sends = ours.sends && decided->second;
  return ours;
}

bool FieldFollower::turn_off(PrefsAccount* account, AccountIntent intent) {
  const PasswordOwner now = names_of(account);
  if (!intent.saved) {
    // Turned off before the fields followed: only passwords may have moved.
    bring_passwords_back(now);
    return false;
  }
  const PasswordOwner before = password_owner(now, *intent.saved);
  // As versions that did not remember the servers have named them.
  const PasswordOwner moved{now.account_id, before.user, before.smtp_user, now.recv_server,
                            now.smtp_server};
  const SavedFields live = fields_of(*account);
  const auto lent = intent.saved->lent ? is_lent_password(before) : std::nullopt;
  if (lent == false) intent.saved->smtp_userid = live.smtp_userid;
  const SavedFields fields = given_back(live, ours_in(*account), *intent.saved);
  write_fields(account, fields);
  give_servers_back(account, *intent.saved);
  if (!intent.saved->pop_list.empty()) copy_pop_list(intent.saved->pop_list, pop_list_of(*account));
  gate_.write();
  if (lent == true && fields.smtp_userid.empty()) take_lent_password_back(before.account_id);
  if (!bring_all_back({before, moved, now})) {
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

FieldFollower::Outcome FieldFollower::follow(PrefsAccount* account) {
  auto intent = stored_intent(account);
  if (!intent) return {};
  if (!*intent) {
    keep_safe_while_unreadable(account);
    tell(text_of(account->account_name), intent->error());
    return {};
  }
  if ((*intent)->enabled) return turn_on(account, std::move(**intent));
  const bool off = turn_off(account, **intent);
  if (off && turned_off_) turned_off_(account->account_id, **intent);
  return {off, true};
}

void FieldFollower::follow_all() {
  if (about_to_) about_to_();
  bool write = false;
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    const auto before = before_.find(account->account_id);
    connections_.meet(account);
    if (before != before_.end()) write = take_edited_user(account, before->second.userid) || write;
    const Outcome outcome = follow(account);
    write = outcome.write || write;
    connections_.end_if_another(account);
    if (outcome.follows) {
      note_followed(gate_, account, signs_in_to_send_[account->account_id]);
    } else {
      gate_.note_followed(account->account_id, std::nullopt);
    }
  }
  before_.clear();
  if (write) gate_.write();
  gate_.remember();
  if (followed_) followed_();
}

void FieldFollower::schedule() {
  if (!std::exchange(asked_, true)) {
    gate_.in_turn(AccountGate::Windows::kNoAccount, [this] {
      asked_ = false;
      follow_all();
    });
  }
  // The window may just have stored the passwords that it shows.
  if (gate_.window_is_open() && !idle_)
    idle_ = g_idle_add_full(G_PRIORITY_HIGH_IDLE, on_idle, this, nullptr);
}

void FieldFollower::window_opened(PrefsAccount* account) {
  const bool first = !gate_.window_is_open();
  if (about_to_ && first) about_to_();
  gate_.window_opened(account);
  for (GList* item = account_get_list(); item && first; item = item->next) {
    const auto* listed = static_cast<const PrefsAccount*>(item->data);
    before_.emplace(listed->account_id, fields_of(*listed));
  }
}

void FieldFollower::window_closed() {
  gate_.window_closed();
  schedule();
}

gboolean FieldFollower::on_idle(gpointer self) {
  return guarded("account fields", G_SOURCE_REMOVE, [&] {
    static_cast<FieldFollower*>(self)->idle_ = 0;
    put_managed_passwords_away();
    return G_SOURCE_REMOVE;
  });
}

}  // namespace mail_oauth::claws
