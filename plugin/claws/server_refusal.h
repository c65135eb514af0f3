// SPDX-License-Identifier: GPL-3.0-or-later
//
// A mail server's refusal, read from the host's log, in the words that the command has for it.
//
// Pure; any thread.
#pragma once

#include <string>

#include "base/error.h"
#include "claws/login_feedback.h"

namespace mail_oauth::claws {

/// Who was refused.
struct Refused {
  std::string user;  ///< Of the login.
  std::string server;
  std::string sender;   ///< SMTP: in whose name.
  bool shared = false;  ///< The mailbox is not that of the person who signed in.
};

/// Never kReauthorize: only the provider asks for a sign-in. kTransient when the server's code says
/// that it passes. REQUIRES: not verdict.accepted.
Error server_refusal(const LoginVerdict& verdict, const Refused& who);

/// The code of RFC 5530 that a server's words stand for, or "": the host's log leaves such codes
/// out, and some servers are known by them alone.
std::string unlogged_code(const std::string& words);

}  // namespace mail_oauth::claws
