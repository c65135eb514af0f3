// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a broker knows and does about one grant. Belongs to the broker's thread.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <variant>

#include "broker/pending.h"
#include "broker/renewal.h"

namespace mail_oauth {

/// The store was not asked yet, or did not answer.
struct Unknown {};

/// The token endpoint ended the grant, or there is none.
struct NeedsSignIn {
  Error error;
  RefreshToken dead;  ///< Another one in the store means that somebody signed in. Empty: none.
};

/// The store is being read. `before`: it is read again in case that somebody signed in.
struct Loading {
  Call load;
  std::optional<NeedsSignIn> before;
};

/// There is a grant, and nothing is under way.
struct Ready {};

struct Renewing {
  std::unique_ptr<Renewal> renewal;
  bool background = false;  ///< Nobody waits: may not ask the person for anything.
};

/// The last renewal failed, in a way that may pass.
struct Failing {
  Error error;
  WallTime until;                 ///< Nothing is asked before, whoever wants a token.
  std::optional<WallTime> retry;  ///< When to try unasked, if ever.
};

using GrantState = std::variant<Unknown, Loading, Ready, Renewing, Failing, NeedsSignIn>;

/// Somebody who wants a token.
struct Waiter {
  Protocol protocol;
  std::shared_ptr<Pending<AccessToken>> answer;
};

struct GrantEntry {
  GrantKey key;
  std::optional<Provider> provider;  ///< As last read.
  std::optional<Grant> grant;
  GrantState state;
  std::list<Waiter> waiters;
  /// Grows whenever `grant` is replaced: who kept the old one knows it (rule I3).
  unsigned long generation = 0;

  RefreshToken stored;     ///< As last seen in the store.
  AccessToken distrusted;  ///< A mail server refused it: to be renewed once.
  AccessToken forced;      ///< Was renewed by force already.
  WallTime force_again{};  ///< Before, no refusal forces another renewal.
  std::optional<std::chrono::seconds> lifetime;
  double jitter = 0;        ///< Of this token, so that its due time stands still.
  int failures = 0;         ///< Transient ones in a row.
  WallTime prompt_again{};  ///< Before, the person dismissed the keyring's question.
  Call timer;               ///< For renewing ahead.

  std::optional<Error> unsaved;  ///< The store would not take `grant`.
  int save_failures = 0;
  Call save_timer;
};

}  // namespace mail_oauth
