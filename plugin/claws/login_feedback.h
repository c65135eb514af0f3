// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads from the host's protocol log whether a mail server took a token or refused it, and in what
// words; also what it refuses after the login (a mailbox, a sender).
//
// The host tells its plugins nothing else. Its error lines follow network errors too and name no
// user, so a refusal counts only when the server's own words say so, right after the login they
// belong to. What is unclear is no refusal. A server that does not speak XOAUTH2, the only
// mechanism for tokens that the host has, is told apart: no other token would help there. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "claws/host_line.h"
#include "oauth/protocol.h"

namespace mail_oauth::claws {

struct LoginVerdict {
  Protocol protocol = Protocol::kImap;
  bool accepted = false;
  bool unspoken = false;     ///< Not accepted because the server does not speak XOAUTH2.
  bool doubtful = false;     ///< Not accepted, and another token may be.
  bool after_login = false;  ///< The token was taken; this is about the mailbox or the sender.
  int number = 0;            ///< SMTP's three digits of a refusal.
  std::string said;          ///< The server's words of a refusal.
  std::string challenge;     ///< In place of words: what came in base64 before the server's no.
  std::string user;          ///< IMAP only: the others do not say.
  std::string server;        ///< SMTP does not say.
  std::string account;       ///< POP3 only: the name of the host's account, when it was said.
};

class LoginFeedback {
 public:
  /// `connecting_to_pop`: the format of the line with which the host begins each POP3 session, in
  /// its language. It asks for the tokens of all accounts first and connects then, one after the
  /// other; what follows the line is about its account.
  explicit LoginFeedback(
      std::string_view connecting_to_pop = "Account '%s': Connecting to POP3 server: %s:%d...")
      : connecting_to_pop_(connecting_to_pop) {}

  /// The next line of the log, with or without the time before it.
  std::optional<LoginVerdict> read(std::string_view line);

 private:
  std::optional<LoginVerdict> read_imap(std::string_view line);
  bool begins_pop_session(std::string_view line);
  std::optional<LoginVerdict> read_pop(std::string_view line);
  std::optional<LoginVerdict> read_smtp(std::string_view line);
  std::optional<LoginVerdict> read_sending(std::string_view line);
  std::optional<LoginVerdict> read_offer(std::string_view line);

  std::optional<LoginVerdict> imap_;       ///< The login under way.
  std::optional<LoginVerdict> imap_open_;  ///< The last login that succeeded.
  std::string imap_said_;                  ///< The server's words in the login under way.
  bool imap_refused_ = false;              ///< The server said no in its own words.
  bool imap_unsupported_ = false;          ///< It said so in its own words.
  bool imap_unspoken_ = false;  ///< The last list of mechanisms has OAUTHBEARER and not XOAUTH2.
  HostLine connecting_to_pop_;
  LoginVerdict pop_session_;  ///< Whose it is.
  bool pop_ = false;
  std::string pop_asked_;  ///< What came in place of an answer, and what it is shows next.
  bool smtp_ = false;
  bool smtp_open_ = false;      ///< Signed in.
  bool smtp_sent_ = false;      ///< A message, whole; the server's word on it comes next.
  bool smtp_unspoken_ = false;  ///< As with IMAP, and nothing was sent since.
};

}  // namespace mail_oauth::claws
