// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands behind a `mail_oauth_session *`: a person's sign-ins, and the broker that renews
// them.
//
// Any thread, several at once; every function here may block for as long as mail_oauth.h says.
// Nothing is read before the first question. Errors are those that the header documents.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "broker/threaded_broker.h"
#include "capi/account.h"
#include "capi/anchor_pool.h"
#include "desktop/system_clock.h"
#include "etpan/login.h"

namespace mail_oauth::capi {

class Patience;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(Options options);

  Result<AccessToken> token(const Account& account, Protocol protocol);

  /// Where a libetpan session is connected to.
  struct Server {
    std::string host;
    int port = 0;
  };
  Result<void> login(const Account& account, mailimap* imap, const Server& server);
  Result<void> login(const Account& account, mailpop3* pop, const Server& server);
  Result<void> login(const Account& account, mailsmtp* smtp, const Server& server);

  /// Registers the mechanisms with this session as their source; it is not kept alive by them.
  Result<void> register_mechanisms();
  /// From now on this account answers for its user names too.
  void answer_for(Account account);

  /// Whether there is, or was, a worker of this very process.
  static bool used_here();

  /// Waits for what the provider was asked already, as destruction does, whoever else holds the
  /// session: whatever they ask is kCancelled from then on. What is lost by it, or may be;
  /// nothing in a child that was forked meanwhile: it has no worker that could end.
  std::optional<std::vector<Loss>> finish();

 private:
  template <class Etpan>
  Result<void> sign_in(const Account& account, Protocol protocol, Etpan* etpan,
                       const Server& server);
  Result<AccessToken> token(const Account& account, Protocol protocol, const Patience& patience);
  Result<ThreadedBroker*> broker();
  /// Both within `limit`.
  Result<GrantKey> grant_of(const Account& account, std::chrono::milliseconds limit);
  Result<GrantKey> find_grant(const GrantFilter& wish, std::chrono::milliseconds limit);
  std::optional<GrantKey> remembered(const GrantFilter& wish);
  /// When the grant is gone, another one may be meant from now on.
  void forget(const GrantFilter& wish, const Error& error);
  void refused(std::string_view user, Protocol protocol, std::string_view token);
  Result<Account> account_of(std::string_view user, Protocol protocol, const Patience& patience);

  const SystemClock clock_;
  Options options_;
  std::vector<std::string> folders_;
  AnchorPool anchors_;
  std::mutex mutex_;  ///< Of all below.
  std::map<GrantFilter, GrantKey>
      found_;  ///< Who was meant: to search costs much more than a token.
  std::vector<Account> registered_;
  bool finished_ = false;
  pid_t owner_ = 0;  ///< The process of its worker.
  std::unique_ptr<ThreadedBroker> broker_;
};

}  // namespace mail_oauth::capi
