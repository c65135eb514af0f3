// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tokens of managed accounts for the SASL mechanisms of the host's process.
//
// The host itself does not use them; other plugins do that sign in over libetpan by name. The
// mechanisms run on the threads that sign in, and the accounts belong to the main thread: it leaves
// a copy of them whenever they change, and the others look at the copy and ask the TokenSource. A
// user and server that no managed account has sign in with what the caller gave.
//
// Main thread only, but for what the mechanisms call. Registered once for the life of the process:
// what is unloaded gives no more tokens, and loaded again it does.
#pragma once

#include <memory>

#include "claws/host.h"
#include "claws/password_hook.h"

namespace mail_oauth::claws {

class MechanismTokens {
 public:
  /// Registers, and says in the host's log when Cyrus SASL will not have it.
  explicit MechanismTokens(std::shared_ptr<TokenDesk> desk);
  /// Whoever waits for a token gets its answer as long as the source lives.
  ~MechanismTokens();
  MechanismTokens(const MechanismTokens&) = delete;
  MechanismTokens& operator=(const MechanismTokens&) = delete;

  /// Takes a new copy of the accounts.
  void accounts_changed();

 private:
  class Desk;
  static gboolean on_accounts(gpointer, gpointer self);

  std::shared_ptr<TokenDesk> desk_;
  std::shared_ptr<Desk> open_;
  gulong hook_ = 0;
};

}  // namespace mail_oauth::claws
