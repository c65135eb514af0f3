// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads from the host's protocol log whether a mail server took a token or refused it.
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

#include "oauth/protocol.h"

namespace mail_oauth::claws {

struct LoginVerdict {
  Protocol protocol = Protocol::kImap;
  bool accepted = false;
  bool unspoken = false;  ///< Not accepted because the server does not speak XOAUTH2.
  std::string user;       ///< IMAP only: the others do not say.
  std::string server;     ///< IMAP only.
};

class LoginFeedback {
 public:
  /// The next line of the log, with or without the time before it.
  std::optional<LoginVerdict> read(std::string_view line);

 private:
  std::optional<LoginVerdict> read_imap(std::string_view line);
  std::optional<LoginVerdict> read_pop(std::string_view line);
  std::optional<LoginVerdict> read_smtp(std::string_view line);
  std::optional<LoginVerdict> read_offer(std::string_view line);

  std::optional<LoginVerdict> imap_;  ///< The login under way.
  bool imap_refused_ = false;         ///< The server said no in its own words.
  bool imap_unsupported_ = false;     ///< It said so in its own words.
  bool imap_unspoken_ = false;  ///< The last list of mechanisms has OAUTHBEARER and not XOAUTH2.
  bool pop_ = false;
  bool smtp_ = false;
  bool smtp_unspoken_ = false;  ///< As with IMAP, and nothing was sent since.
};

}  // namespace mail_oauth::claws
