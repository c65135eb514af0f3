// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/request_match.h"

#include "base/i18n.h"

namespace mail_oauth::claws {
namespace {

bool fits(const PasswordQuestion& question, const AccountView& account) {
  const auto& service = account.service(question.protocol);
  return service && service->user == question.user && service->server == question.server &&
         (question.port == 0 || service->port == question.port);
}

bool same_grant(const AccountView& one, const AccountView& other) {
  return one.intent && other.intent && share_a_grant(*one.intent, *other.intent);
}

Error several(const AccountView& one, const AccountView& other, const PasswordQuestion& question) {
  return make_error(
      Error::Kind::kConfig,
      format(_("The accounts \"{}\" and \"{}\" log in to {} with the same user name, so that it is "
               "unclear whose token is wanted. Delete one of them, or turn OAuth off for one."),
             {one.name, other.name, question.server}));
}

}  // namespace

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

Result<const AccountView*> account_asking(const PasswordQuestion& question,
                                          const std::vector<AccountView>& accounts) {
  const AccountView* found = nullptr;
  for (const auto& account : accounts) {
    if (!fits(question, account)) continue;
    if (!found) {
      found = &account;
      continue;
    }
    if (!found->managed() && !account.managed()) continue;
    if (!same_grant(*found, account)) return several(*found, account, question);
    const auto& connection = account.service(question.protocol)->connection;
    if (!may_carry_token(question.protocol, connection)) found = &account;
  }
  if (!found || !found->managed()) return static_cast<const AccountView*>(nullptr);
  if (!found->service(question.protocol)->speaks_oauth)
    return static_cast<const AccountView*>(nullptr);
  if (found->trouble) return *found->trouble;
  return found;
}

std::optional<Protocol> protocol_of_request(std::string_view word) {
  if (word == "imap") return Protocol::kImap;
  if (word == "pop3") return Protocol::kPop;
  if (word == "smtp") return Protocol::kSmtp;
  return std::nullopt;
}

}  // namespace mail_oauth::claws
