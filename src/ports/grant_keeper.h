// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: who takes over a new grant and gives one up, in step with renewals that may be under way.
#pragma once

#include <vector>

#include "oauth/grant.h"
#include "ports/call.h"

namespace mail_oauth {

class GrantKeeper {
 public:
  virtual ~GrantKeeper() = default;

  /// Replaces the grant of the same key, in the store and in memory. kStorage: not stored; the
  /// grant is kept in memory and storing is retried.
  virtual Call adopt(Grant grant, Done<void> done) = 0;

  /// Erases the grant and hands it out, so that the caller can revoke it: the newest that there is
  /// of each sign-in that a server may still take, the last of them first. An item that cannot be
  /// read is erased too: its grant has no tokens. kConfig: there is none.
  virtual Call give_up(GrantKey key, Done<std::vector<Grant>> done) = 0;
};

}  // namespace mail_oauth
