// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of one grant: the newest that there is of it, what that took the place of, and
// whether the store has it.
//
// One value: whoever works on a grant gets all of it and gives all of it back. Whoever has read the
// store asks beside() which of the two is newer; nothing else decides that. Pure; any thread.
#pragma once

#include <optional>
#include <vector>

#include "broker/outdated.h"
#include "oauth/grant.h"

namespace mail_oauth {

/// What stands in the store, beside what is known.
enum class Stands {
  kNothing,    ///< And it never did.
  kSignedOut,  ///< Nothing, and it did: somebody signed out.
  kSame,       ///< The same refresh token.
  kOlder,      ///< What it took the place of: the save failed, or an older one came late.
  kNewer,      ///< Somebody else renewed it, or signed in.
};

struct KnownGrant {
  struct Unsaved {
    Error why;
    int tries = 0;  ///< To store this sign-in, that failed.
  };

  std::optional<Grant> grant;
  Outdated outdated;
  std::optional<Unsaved> unsaved;  ///< The store would not take the grant.
  bool in_store = false;           ///< The grant's sign-in stands there, or did.

  KnownGrant duplicate() const;

  /// `item` was just read. Remembers it if it is of the same sign-in. REQUIRES: a grant.
  Stands beside(const std::optional<Grant>& item, WallTime now);

  /// What a server may still take, the newest first: of each sign-in the newer one of `item`, which
  /// was just read, and what is known. Empty: somebody signed out, or nobody was signed in.
  std::vector<Grant> live_with(std::optional<Grant> item, WallTime now);

  /// Somebody signed in; no store has it yet.
  void take(Grant newer);
  /// It was read in the store.
  void take_stored(Grant item);
  void set_stored();
  void set_unsaved(Error why);
  /// It has ended: no store has to take it any more.
  void stop_saving();
  /// There is none any more.
  void forget();
};

}  // namespace mail_oauth
