// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a broker knows of one grant, and who works on it. Belongs to the broker's thread.
//
// Rule I3 is kept by the types here: a grant has one work at a time, a Renewing or a Keeping, which
// has all that belongs to it (a new sign-in is in its Adoption until it is stored, or said not to
// be). Nobody else asks the server, writes the store or replaces what is known, but for a Loading,
// which only reads, and ends when something else becomes known. So what a work brings home is
// never about another grant than the one that it finds there.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "broker/keeping.h"
#include "broker/known_grant.h"
#include "broker/renewal.h"
#include "ports/pending.h"

namespace mail_oauth {

/// The store was not asked yet, or did not answer.
struct Unknown {};

/// The token endpoint ended the grant, or there is none.
struct NeedsSignIn {
  Error error;
};

/// The store is being read. `before`: it is read again in case that somebody signed in.
struct Loading {
  Call load;
  bool asks = false;  ///< The store may put its question to the person.
  std::optional<NeedsSignIn> before;
};

/// There is a grant.
struct Ready {};

/// The last renewal failed, in a way that may pass.
struct Failing {
  Error error;
  BootTime until;                 ///< Nothing is asked before, whoever wants a token.
  std::optional<BootTime> retry;  ///< When to try unasked, if ever.
};

using GrantState = std::variant<Unknown, Loading, Ready, Failing, NeedsSignIn>;

/// Somebody signed in. Until the end of it this is the only place where the new grant is.
struct Adoption {
  Grant grant;
  std::chrono::seconds lifetime{0};  ///< Of its access token, from when it was given here.
  std::shared_ptr<Pending<void>> answer;
};

/// Somebody signs out. `grants` is what is to be revoked when the item is erased.
struct GivingUp {
  std::shared_ptr<Pending<std::vector<Grant>>> answer;
  std::vector<Grant> grants;
};

/// What is stored is read and saved, as it is.
struct StoringAgain {
  std::shared_ptr<Pending<void>> answer;
};

/// What is only in memory is tried to be saved. `may_ask`: the person, who is there.
struct SavingAgain {
  bool may_ask = false;
};

/// Waits for its turn, or has it.
using KeepingTask = std::variant<Adoption, GivingUp, StoringAgain, SavingAgain>;

struct Idle {};

struct Renewing {
  std::unique_ptr<Renewal> renewal;
  bool background = false;  ///< Nobody waits: may not ask the person for anything.
};

struct Working {
  KeepingTask task;
  std::unique_ptr<Keeping> keeping;
};

using GrantWork = std::variant<Idle, Renewing, Working>;

/// Somebody who wants a token.
struct Waiter {
  Protocol protocol;
  std::shared_ptr<Pending<AccessToken>> answer;
};

struct GrantEntry {
  GrantKey key;
  std::optional<Provider> provider;  ///< As last read.
  KnownGrant known;
  GrantState state;
  GrantWork work;
  std::list<KeepingTask> tasks;  ///< Whose turn comes when the work ends.
  std::list<Waiter> waiters;

  AccessToken distrusted;       ///< To be renewed once: refused, or of a grant that has ended.
  bool refused = false;         ///< By a mail server.
  AccessToken forced;           ///< Was renewed by force already.
  BootTime force_again{};       ///< Before, no refusal forces another renewal.
  bool renewal_wanted = false;  ///< Somebody wants a token of a renewal only.
  std::optional<std::chrono::seconds> lifetime;
  double jitter = 0;                 ///< Of this token, so that its due time stands still.
  std::optional<BootTime> renew_at;  ///< Of this token, ahead of its end.
  int failures = 0;                  ///< Transient ones in a row.
  BootTime prompt_again{};           ///< Until then the person, who dismissed it, has peace of it.
  Call timer;                        ///< For renewing ahead.

  bool told_unsaved = false;  ///< The observer was.
  AtEnd told_at_end = AtEnd::kKept;
  Call save_timer;

  /// Whoever saw its end wrote it down: only the token endpoint can say otherwise.
  void distrust_ended() {
    if (!known.grant || !known.grant->ended()) return;
    distrusted = known.grant->access_token.duplicate();
    refused = false;
  }
  bool idle() const { return std::holds_alternative<Idle>(work); }
};

}  // namespace mail_oauth
