// SPDX-License-Identifier: GPL-3.0-or-later
//
// The door through which the host asks for passwords, and gets tokens.
//
// What the host does with each answer was measured per protocol; the dangerous ones are FALSE while
// the host has a password (it leaves as a token) and, for SMTP, TRUE with nothing (it sends
// "(null)").
// Main thread only; re-entered from its own wait.
#pragma once

#include <map>
#include <memory>
#include <tuple>

#include "claws/host.h"
#include "claws/login_feedback.h"
#include "claws/notice_desk.h"
#include "claws/prompt_suppressor.h"
#include "claws/request_match.h"
#include "claws/token_wait.h"

namespace mail_oauth::claws {

/// Where tokens come from, asked anew for each request: it may be that they cannot be had at all.
class TokenDesk {
 public:
  virtual ~TokenDesk() = default;
  virtual Result<TokenSource*> source() = 0;
  /// Under which grant the account signs in. kConfig: its provider or client is not known.
  virtual Result<GrantKey> grant(const AccountIntent& intent) = 0;
  virtual std::string provider_name(const AccountIntent& intent) = 0;
  /// Whether a sign-in by code serves mail there, as far as it is known.
  virtual bool offers_code(const AccountIntent& intent) = 0;
};

/// Shared with the requests that are waiting in it: the plugin may be unloaded meanwhile.
class PasswordHook : public std::enable_shared_from_this<PasswordHook> {
 public:
  PasswordHook(std::shared_ptr<TokenDesk> desk, std::shared_ptr<NoticeDesk> notices);
  ~PasswordHook();
  PasswordHook(const PasswordHook&) = delete;
  PasswordHook& operator=(const PasswordHook&) = delete;

  /// No request comes in from here on, and those that wait end as cancelled.
  void close();

 private:
  /// A token that the host has and no server has judged yet.
  struct HandedOut {
    GrantKey grant;
    AccessToken token;
  };
  using Login = std::tuple<Protocol, std::string, std::string>;  ///< With user and server.
  struct Account {
    int id = 0;
    std::string name;  ///< As it was when it asked: the host's log goes by it.
  };
  using Logins = std::map<Login, Account>;

  static gboolean on_request(gpointer request, gpointer self);
  static gboolean on_log(gpointer text, gpointer self);
  void judged(const LoginVerdict& verdict);
  Logins::const_iterator login_of(const LoginVerdict& verdict) const;
  void judge_token(const Login& login, const LoginVerdict& verdict);
  Result<const AccountView*> whose(const PasswordQuestion& question,
                                   const std::vector<AccountView>& accounts);
  void forget_sending();
  gboolean answer(PasswordRequest& request);
  gboolean refuse(PasswordRequest& request, const PasswordQuestion& question,
                  const AccountView& account, const Error& error);
  gboolean without_token(PasswordRequest& request, const std::optional<Protocol>& protocol,
                         const PasswordQuestion& question,
                         const std::vector<AccountView>& accounts);
  void keep_prompt_away(const PasswordQuestion& question, int account_id);
  bool still_asks(const AccountView& account, const PasswordQuestion& question,
                  const GrantKey& grant);
  Result<HandedOut> token_for(const AccountView& account, const PasswordQuestion& question);

  std::shared_ptr<TokenDesk> desk_;
  std::shared_ptr<NoticeDesk> notices_;
  PromptSuppressor prompts_;
  TokenWait wait_;
  LoginFeedback feedback_;
  std::map<Login, HandedOut> handed_out_;
  Logins logins_;  ///< The last ones with a token, judged or not.
  gulong hook_ = 0;
  gulong log_hook_ = 0;
};

}  // namespace mail_oauth::claws
