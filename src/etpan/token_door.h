// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lets the thread of a login ask a TokenSource that lives on another thread.
//
// Made, closed and destroyed on the source's thread, which runs its loop meanwhile; tokens() is for
// the thread of the login.
#pragma once

#include <memory>

#include "etpan/login.h"

namespace mail_oauth::etpan {

class TokenDoor {
 public:
  /// Borrows the source.
  TokenDoor(TokenSource& source, GrantKey key, Protocol protocol);
  ~TokenDoor();
  TokenDoor(const TokenDoor&) = delete;
  TokenDoor& operator=(const TokenDoor&) = delete;

  /// A wait ends with kTransient after 90 s, with kCancelled when the door closes.
  Tokens tokens() const;
  /// Ends the waiting; nothing gets through any more.
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace mail_oauth::etpan
