// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiting for a token on the main thread without stopping the window.
//
// The host's password hook wants its answer before it returns, and the token may take seconds: the
// main loop runs on inside it, holding no lock. Waits nest (a send during a receive) and then end
// last in, first out. Each ends by its answer, a time limit, the person's cancel, the host's exit,
// or end_all(). Main thread only.
#pragma once

#include <chrono>
#include <string>

#include "ports/token_source.h"

namespace mail_oauth::claws {

class TokenWait {
 public:
  /// The limit stands still over suspend: who wakes up has the rest of it, for the network needs
  /// some seconds then, and the token was asked for before.
  explicit TokenWait(std::chrono::milliseconds limit = std::chrono::seconds(45)) : limit_(limit) {}

  /// What the source answers; kTransient when it did not in time; kCancelled by the person, the
  /// exit or end_all(). `waiting_text` is shown, with a button to cancel, when it takes more than a
  /// moment.
  Result<AccessToken> ask(TokenSource& source, const GrantKey& key, Protocol protocol,
                          const std::string& waiting_text);

  /// Every wait under way ends; later ones are not touched.
  void end_all() { ++ended_; }

 private:
  std::chrono::milliseconds limit_;
  unsigned ended_ = 0;
};

}  // namespace mail_oauth::claws
