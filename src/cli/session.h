// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a subcommand works with, put together when it is first asked for: a `list` makes no broker,
// and a fresh token opens no network. Main thread, default GMainContext.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/broker.h"
#include "cli/known_providers.h"
#include "cmdstore/command_store.h"
#include "cmdstore/routed_store.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "ports/token_store.h"

namespace mail_oauth::cli {

class Session {
 public:
  /// Borrows the providers.
  explicit Session(const KnownProviders& providers);
  ~Session();

  /// Trust these certificates too (PEM). Before http() and broker(); empty: nothing.
  void trust(const std::string& ca_file);

  TokenStore& store();
  /// What store() is made of.
  CommandTokenStore& commands() { return commands_; }
  RoutedTokenStore& routed() { return store_; }
  Clock& clock();
  HttpClient& http();
  /// kStorage: there is no folder for the locks.
  Result<Broker*> broker();
  /// Before a person signs in: whether what they get could be stored. kStorage as
  /// LockFile::try_take; a lock that somebody else holds is no error.
  Result<void> prove_lock(const GrantKey& key);

  /// Everybody who is signed in; offline. kStorage as the store.
  Result<std::vector<GrantKey>> grants();

  /// Waits a little for the answer to a refresh token that was sent (Ctrl-C must not lose it), and
  /// stores what is only in memory so far. kStorage: what was lost.
  Result<void> close();

 private:
  std::string lock_folder(const GrantKey& key, const std::string& usual) const;

  const KnownProviders& providers_;
  std::string ca_file_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<TokenStore> keyring_;
  std::string state_folder_;  ///< Empty: there is none.
  CommandTokenStore commands_;
  RoutedTokenStore store_;
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<Broker> broker_;
};

}  // namespace mail_oauth::cli
