// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ends an account's open IMAP connection when it is about another mailbox, person or server.
//
// The host keeps a connection for as long as it lasts, and asks nobody whether the account still is
// what it was when it logged in: "Get mail" would show one mailbox's messages as another's. Main
// thread only.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "claws/account_intent.h"
#include "claws/host.h"

namespace mail_oauth::claws {

class ImapConnections {
 public:
  /// Before the account's fields follow: an open connection is for what they say. REQUIRES, as the
  /// other, that the strings of the account are its own (account_gate.h).
  void meet(PrefsAccount* account);

  /// After they followed. REQUIRES: a turn of the gate, or that it is free, so that nobody is using
  /// the connection. It ends for the host, which makes a new one when it wants something of the
  /// account; the server hears of that then.
  void end_if_another(PrefsAccount* account);

  /// When the account is deleted.
  void forget(int account_id) { known_.erase(account_id); }

 private:
  /// Whom a connection serves, and where.
  struct Login {
    std::string user, server;
    int port = 0;
    std::optional<AccountIntent> intent;  ///< While it is on.
  };
  static std::optional<Login> login_of(PrefsAccount* account);
  static bool alike(const Login& one, const Login& other);

  std::map<int, Login> known_;  ///< By account id.
};

}  // namespace mail_oauth::claws
