// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/request_match.h"

#include <algorithm>

#include "base/i18n.h"
#include "claws/sending.h"

namespace mail_oauth::claws {
namespace {

bool fits(const PasswordQuestion& question, const AccountView& account) {
  const auto& service = account.service(question.protocol);
  return service && service->user == question.user && service->server == question.server &&
         (question.port == 0 || service->port == question.port);
}

Error several(const AccountView& one, const AccountView& other, const PasswordQuestion& question) {
  return make_error(
      Error::Kind::kConfig,
      format(_("The accounts \"{}\" and \"{}\" log in to {} with the same user name, so that it is "
               "unclear whose token is wanted. Delete one of them, or turn OAuth off for one."),
             {one.name, other.name, question.server}));
}

/// Turned on; or it was, and now nobody can tell, or its fields have not followed.
bool is_on(const AccountView& account) {
  return account.intent || account.changing || (account.trouble && account.speaks_oauth());
}

/// Its fields are those of an older intent, and would send what they are given as a token.
bool is_changing(const PasswordQuestion& question, const AccountView& account) {
  return account.changing && fits(question, account) &&
         account.service(question.protocol)->speaks_oauth;
}

/// Every user and server that the account has or had.
std::vector<KnownLogin> logins_of(const AccountView& account) {
  std::vector<KnownLogin> logins = account.before;
  for (const auto* service : {&account.imap, &account.pop, &account.smtp}) {
    if (*service) logins.push_back({(*service)->user, (*service)->server});
  }
  return logins;
}

bool has_user(const AccountView& account, const std::string& user) {
  const auto logins = logins_of(account);
  const auto same = [&](const KnownLogin& login) { return login.user == user; };
  if (std::any_of(logins.begin(), logins.end(), same)) return true;
  if (!account.intent) return false;
  const AccountIntent& intent = *account.intent;
  if (intent.receive_user() == user || intent.send_user() == user) return true;
  return intent.saved && (intent.saved->userid == user || intent.saved->smtp_userid == user);
}

bool has_server(const AccountView& account, const std::string& server) {
  const auto logins = logins_of(account);
  const auto same = [&](const KnownLogin& login) { return login.server == server; };
  if (std::any_of(logins.begin(), logins.end(), same)) return true;
  if (!account.intent || !account.intent->saved) return false;
  const SavedFields& saved = *account.intent->saved;
  return saved.recv_server == server || saved.smtp_server == server;
}

/// The host logs in by itself, as the account's fields say.
bool is_the_hosts(const std::optional<Protocol>& protocol, const PasswordQuestion& question,
                  const AccountView& account) {
  const auto& service = protocol ? account.service(*protocol) : account.news;
  if (!service || service->user != question.user || service->server != question.server)
    return false;
  if (!protocol) return true;  // News is read with a password, whatever the account sends with.
  if (question.port != 0 && service->port != question.port) return false;
  // One that is on may send with a password of its own.
  return !is_on(account) || (*protocol == Protocol::kSmtp && !service->speaks_oauth);
}

/// Has the user in that protocol, elsewhere: it may be this one whose fields have just changed.
bool may_be_another(const std::optional<Protocol>& protocol, const PasswordQuestion& question,
                    const AccountView& account) {
  if (!protocol || is_on(account)) return false;
  const auto& service = account.service(*protocol);
  return service && service->user == question.user;
}

}  // namespace

bool share_a_grant(const AccountView& one, const AccountView& other, const GrantOf& grant_of) {
  if (!one.intent || !other.intent) return false;
  const auto first = grant_of(one);
  const auto second = grant_of(other);
  if (first && second) return *first == *second;
  return share_a_grant(*one.intent, *other.intent);
}

const std::optional<Service>& AccountView::service(Protocol protocol) const {
  switch (protocol) {
    case Protocol::kImap:
      return imap;
    case Protocol::kPop:
      return pop;
    case Protocol::kSmtp:
      break;
  }
  return smtp;
}

bool AccountView::speaks_oauth() const {
  const auto speaks = [](const std::optional<Service>& one) { return one && one->speaks_oauth; };
  return speaks(imap) || speaks(pop) || speaks(smtp);
}

Result<const AccountView*> account_asking(const PasswordQuestion& question,
                                          const std::vector<AccountView>& accounts,
                                          const GrantOf& grant_of) {
  const AccountView* found = nullptr;
  for (const auto& account : accounts) {
    if (!fits(question, account)) continue;
    if (is_changing(question, account)) return static_cast<const AccountView*>(nullptr);
    if (!found) {
      found = &account;
      continue;
    }
    if (!found->managed() && !account.managed()) continue;
    // What serves the one who logs in with a password would leave as the other's token.
    const bool alike = found->service(question.protocol)->speaks_oauth ==
                       account.service(question.protocol)->speaks_oauth;
    if (!alike || !share_a_grant(*found, account, grant_of))
      return several(*found, account, question);
    const auto& connection = account.service(question.protocol)->connection;
    if (!may_carry_token(question.protocol, connection)) found = &account;
  }
  if (!found || !found->managed()) return static_cast<const AccountView*>(nullptr);
  if (!found->service(question.protocol)->speaks_oauth)
    return static_cast<const AccountView*>(nullptr);
  if (found->trouble) return *found->trouble;
  return found;
}

const AccountView* account_not_ready(const std::optional<Protocol>& protocol,
                                     const PasswordQuestion& question,
                                     const std::vector<AccountView>& accounts) {
  const auto any = [&](const auto& test) {
    return std::any_of(accounts.begin(), accounts.end(), [&](const AccountView& account) {
      return test(protocol, question, account);
    });
  };
  for (const auto& account : accounts) {
    if (protocol && is_changing(question, account)) return &account;
  }
  if (any(is_the_hosts)) return nullptr;
  const bool anywhere = protocol && !any(may_be_another);
  for (const auto& account : accounts) {
    if (!is_on(account) || !has_user(account, question.user)) continue;
    if (anywhere || has_server(account, question.server)) return &account;
  }
  return nullptr;
}

bool fits_one_that_changes(const PasswordQuestion& question,
                           const std::vector<AccountView>& accounts) {
  return std::any_of(accounts.begin(), accounts.end(),
                     [&](const AccountView& account) { return is_changing(question, account); });
}

Result<void> may_get_token(Protocol protocol, const AccountView& account) {
  const auto& service = account.service(protocol);
  if (protocol == Protocol::kSmtp && !account.signs_in_to_send)
    return make_error(Error::Kind::kConfig, own_oauth_words(service->server));
  return may_carry_token(protocol, service->connection);
}

std::optional<Protocol> protocol_of_request(std::string_view word) {
  if (word == "imap") return Protocol::kImap;
  if (word == "pop3") return Protocol::kPop;
  if (word == "smtp") return Protocol::kSmtp;
  return std::nullopt;
}

}  // namespace mail_oauth::claws
