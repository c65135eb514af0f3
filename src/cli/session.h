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
#include "keyring/secret_service_store.h"
#include "oauth/grant_filter.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "ports/token_store.h"

namespace mail_oauth::cli {

class Session {
 public:
  /// Borrows the providers. kNever: the keyring asks nobody. Where it may, it says on standard
  /// error that it does, and has five minutes; one minute where nobody watches, for there a program
  /// waits for us that may have nobody before it either.
  explicit Session(const KnownProviders& providers, Prompt prompt = Prompt::kAllowed);
  ~Session();

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

  /// Everybody who is signed in, or all sign-ins of one address; offline. Says on standard error
  /// what could not be looked at. kStorage as the store.
  Result<std::vector<GrantKey>> grants(const std::string& address = "");
  /// The one that fits, as choose_grant(); kStorage where none does and not everything could be
  /// looked at.
  Result<GrantKey> chosen(const GrantFilter& filter, Error::Kind none);
  /// The same of who is to be signed out, which needs no item that can be read: one that cannot be
  /// is found by its name, where its client is in the filter or is its provider's own. kConfig for
  /// no grant at all.
  Result<GrantKey> chosen_to_erase(const GrantFilter& filter);

  /// What a sign-out could not look at, for an older sign-in; on standard error.
  void say_left_out();

  /// Waits a little for the answer to a refresh token that was sent (Ctrl-C must not lose it), and
  /// stores what is only in memory so far. kStorage: what was lost.
  Result<void> close();

 private:
  Result<std::vector<GrantKey>> look_up(const std::string& address);
  std::vector<GrantKey> found_by_name(const GrantFilter& filter) const;

  const KnownProviders& providers_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<TokenStore> keyring_;
  std::string state_folder_;  ///< Empty: there is none.
  CommandTokenStore commands_;
  RoutedTokenStore store_;
  std::vector<Error> unseen_;  ///< Since it was said, or made out, last.
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<Broker> broker_;
};

}  // namespace mail_oauth::cli
