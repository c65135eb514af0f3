// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process that ends takes with it. Pure; any thread.
#pragma once

#include <vector>

#include "oauth/grant.h"

namespace mail_oauth {

/// What becomes of a sign-in when its process ends now.
enum class AtEnd {
  kKept,
  kMayBeLost,  ///< Its refresh token was sent. The answer may bring the one that replaces it.
  kLost,       ///< The newest that there is of it is in memory only.
};

struct Loss {
  GrantKey key;
  AtEnd at_end;  ///< Not kKept.

  bool operator==(const Loss&) const = default;
};

/// What happened, and what a person can do, on a command line. kStorage: it is lost; kTransient: it
/// may be.
Error sign_in_lost(const Loss& loss);
/// A line for each, as one error: what is lost comes first, and says the kind. REQUIRES: one at
/// least.
Error sign_ins_lost(std::vector<Loss> losses);

}  // namespace mail_oauth
