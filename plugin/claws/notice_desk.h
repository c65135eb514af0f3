// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hears what became of tokens and logins, and shows what needs somebody: a notice in the main
// window and one notification of the desktop. Never a dialog, because a timer may have asked.
//
// The rules are Attention's. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "claws/attention.h"
#include "claws/desktop_notification.h"
#include "claws/notice_bar.h"
#include "claws/request_match.h"
#include "claws/sign_in_way.h"

namespace mail_oauth::claws {

class TokenDesk;

class NoticeDesk {
 public:
  using SignIn = std::function<void(int account_id, const std::string& account,
                                    const AccountIntent& intent, SignInWay way)>;

  explicit NoticeDesk(std::shared_ptr<TokenDesk> tokens);

  /// What the buttons do.
  void when_asked(SignIn sign_in) { sign_in_ = std::move(sign_in); }
  /// Takes the notices away; nothing is shown from here on.
  void close();

  void no_token(const AccountView& account, const Error& error);
  void token_came(const GrantKey& grant);
  /// The token endpoint ended it while nobody asked.
  void ended(const GrantKey& grant, const Error& error);
  /// Accounts that waited for it receive at once.
  void signed_in(const GrantKey& grant);

  void login_refused(const AccountView& account, Protocol protocol, const Error& error,
                     bool doubtful);
  void use_refused(const AccountView& account, Protocol protocol, const Error& error);
  void login_accepted(int account_id, Protocol protocol);
  void use_accepted(int account_id, Protocol protocol);

  /// Some may have been turned off or deleted, or sign in as somebody else.
  void accounts_changed();

  /// A server took the token of this account.
  void when_logged_in(std::function<void(int account_id, Protocol protocol)> logged_in) {
    logged_in_ = std::move(logged_in);
  }

 private:
  GrantKey key_of(const AccountIntent& intent) const;
  std::vector<AccountView> accounts_of(const GrantKey& grant) const;
  void sign_in(const GrantKey& grant, SignInWay way);
  bool offers_code(const GrantKey& grant) const;
  void announce(const std::function<bool(const Attention::Mark&)>& which);
  void refresh();

  std::shared_ptr<TokenDesk> tokens_;
  SignIn sign_in_;
  std::function<void(int, Protocol)> logged_in_;
  Attention attention_;
  std::unique_ptr<NoticeBar> bar_;
  std::unique_ptr<DesktopNotifier> notifier_ = std::make_unique<DesktopNotifier>();
};

}  // namespace mail_oauth::claws
