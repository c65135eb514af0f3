// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands behind a `mail_oauth_session *`: a person's sign-ins, and the broker that renews
// them.
//
// Any thread, several at once; every function here may block for as long as mail_oauth.h says.
// Nothing is read before the first question. Errors are those that the header documents.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "broker/threaded_broker.h"
#include "capi/account.h"
#include "capi/anchor_pool.h"
#include "etpan/login.h"

namespace mail_oauth::capi {

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

 private:
  template <class Etpan>
  Result<void> sign_in(const Account& account, Protocol protocol, Etpan* etpan,
                       const Server& server);
  Result<ThreadedBroker*> broker();
  Result<GrantKey> grant_of(const Account& account);
  void refused(std::string_view user, Protocol protocol, std::string_view token);
  Result<Account> account_of(std::string_view user, Protocol protocol);

  Options options_;
  std::vector<std::string> folders_;
  AnchorPool anchors_;
  std::mutex mutex_;  ///< Of the two below.
  std::vector<Account> registered_;
  std::unique_ptr<ThreadedBroker> broker_;
};

}  // namespace mail_oauth::capi
