// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/imap_connections.h"

#include <utility>

#include "claws/accounts.h"

namespace mail_oauth::claws {
namespace {

/// As the host does with one that broke: it is not freed while somebody may look at it. Its timer
/// would look at nothing else for a minute.
void end_connection(const PrefsAccount& account) {
  Session* session = REMOTE_FOLDER(account.folder)->session;
  if (!session) return;
  session_register_ping(session, nullptr);
  session->state = SESSION_DISCONNECTED;
  session->sock = nullptr;
}

}  // namespace

std::optional<ImapConnections::Login> ImapConnections::login_of(PrefsAccount* account) {
  AccountView view = view_of(account);
  if (!view.imap || !account->folder) return std::nullopt;
  return Login{std::move(view.imap->user), std::move(view.imap->server), view.imap->port,
               std::move(view.intent)};
}

/// Turned on or off alone, it is the same person in the same mailbox.
bool ImapConnections::alike(const Login& one, const Login& other) {
  const bool same_person =
      !one.intent || !other.intent || share_a_grant(*one.intent, *other.intent);
  return same_person && one.user == other.user && one.server == other.server &&
         one.port == other.port;
}

void ImapConnections::meet(PrefsAccount* account) {
  if (auto login = login_of(account)) known_.emplace(account->account_id, std::move(*login));
}

void ImapConnections::end_if_another(PrefsAccount* account) {
  auto login = login_of(account);
  const auto before = known_.find(account->account_id);
  if (!login || before == known_.end()) return;
  if (stored_intent(account) && !alike(before->second, *login)) end_connection(*account);
  before->second = std::move(*login);
}

}  // namespace mail_oauth::claws
