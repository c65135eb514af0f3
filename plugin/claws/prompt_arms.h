// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose password prompts of the host are kept away.
//
// What a person types into the prompt of a login by OAuth leaves as a bearer token. Over IMAP the
// host opens it after the server's refusal, and behind an error box that stands for as long as
// nobody closes it: so a login is armed until it is over, and no clock ends that. All other
// prompts come at once, before the host goes back to its main loop. Pure; any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "oauth/protocol.h"

namespace mail_oauth::claws {

class PromptArms {
 public:
  /// With user and server. Without a protocol: it is not IMAP, POP3 or SMTP.
  using Login = std::tuple<std::optional<Protocol>, std::string, std::string>;

  /// The prompts of this login are kept away, from here on ...
  void arm(const Login& login);
  /// ... until it is over: the server took the token, or somebody else logs in so.
  void disarm(const Login& login) { armed_.erase(login); }

  /// The host has just been told that this login is its own: a prompt that it opens at once is for
  /// that one, even where another login of the user at the server is armed.
  void let(const Login& login);
  /// The host has gone back to its main loop.
  void let_nobody() { let_.reset(); }

  /// Whether a prompt with this text is for an armed login.
  bool keep_away(std::string_view text) const;

 private:
  std::set<Login> armed_;
  std::optional<Login> let_;
};

}  // namespace mail_oauth::claws
