// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which account the host's password request is for: it names only user, server, protocol and port.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "claws/account_intent.h"
#include "claws/connection_policy.h"

namespace mail_oauth::claws {

/// One way in or out of an account.
struct Service {
  std::string user;
  std::string server;
  int port = 0;
  ConnectionFacts connection;
  bool speaks_oauth = false;  ///< The host will send what it is given as a bearer token.
};

/// What we need to know of one of the host's accounts.
struct AccountView {
  int id = 0;
  std::string name;
  std::optional<AccountIntent> intent;  ///< Only while it is enabled.
  std::optional<Error> trouble;         ///< Why the intent cannot be read, if there is one.
  std::optional<Service> imap;
  std::optional<Service> pop;
  std::optional<Service> smtp;  ///< Only when it logs in to send.

  bool managed() const { return intent || trouble; }
  const std::optional<Service>& service(Protocol protocol) const;
};

struct PasswordQuestion {
  Protocol protocol = Protocol::kImap;
  std::string user;
  std::string server;
  int port = 0;  ///< 0: not known, any.
};

/// The managed account that asks; nothing when the question is for none of them.
///
/// kConfig when another account fits as well and does not use the same grant: the text names both.
/// Two accounts of one grant (a person's own and a shared mailbox that send under one name) get the
/// same token whichever asks, so that they are no contradiction; the one with the worse connection
/// is answered then. kConfig, too, when the account's intent cannot be read. Points into
/// `accounts`.
Result<const AccountView*> account_asking(const PasswordQuestion& question,
                                          const std::vector<AccountView>& accounts);

/// "imap", "pop3" or "smtp" as the host writes them; nothing for its other protocols.
std::optional<Protocol> protocol_of_request(std::string_view word);

}  // namespace mail_oauth::claws
