// SPDX-License-Identifier: GPL-3.0-or-later
//
// One renewal of one grant: lock, re-read, ask, store (rules I1 and I2).
//
// Invariants kept here: nothing is asked without the lock; whatever another process stored
// meanwhile wins; a rotated refresh token is stored, or reported as unsaved, before the caller sees
// its access token. Destroying a Renewal cancels it and frees the lock. RFC 6749 section 6. Belongs
// to the broker's thread.
#pragma once

#include <functional>
#include <optional>

#include "broker/broker_parts.h"
#include "broker/lock_file.h"

namespace mail_oauth {

/// What the broker knows of a grant.
struct KnownGrant {
  Grant grant;
  RefreshToken stored;     ///< The refresh token last seen in the store; another one there is news.
  bool unsaved = false;    ///< `grant` is newer than the store, which would not take it.
  AccessToken distrusted;  ///< Refused by a mail server: no answer, however fresh.
};

struct RenewalOutcome {
  std::optional<Grant> grant;  ///< The best known now; nothing: the store has none any more.
  RefreshToken stored;
  std::optional<std::chrono::seconds> lifetime;  ///< Of the token, when it is new.
  bool unsaved = false;                          ///< `grant` is only in memory.
  std::optional<Error> store_refused;            ///< Why, when the store was asked just now.
  std::optional<Error> failure;                  ///< Why the token is not new.
  bool asked = false;                            ///< The token endpoint was asked.
};

class Renewal {
 public:
  using Finished = std::function<void(RenewalOutcome)>;

  /// `finished` comes once, later, and may destroy the Renewal.
  Renewal(const BrokerParts& parts, TokenStore& store, KnownGrant known, Finished finished);

  /// The refresh token was sent: destroying this may lose the one that answers it.
  bool asked() const { return outcome_.asked; }

  Renewal(const Renewal&) = delete;
  Renewal& operator=(const Renewal&) = delete;

 private:
  void read_store();
  void choose(std::optional<Grant> item);
  void use_unsaved(Error why);
  void check_endpoint();
  void load_secret();
  void prove_store(ClientSecret secret);
  void ask(ClientSecret secret);
  void read_answer(const HttpAnswer& answer);
  void race_check(Error refusal);
  void save(std::chrono::seconds lifetime);
  void saved(Result<void> result);

  void limit_step(std::function<void()> timed_out);
  void fail(Error failure);
  void finish();

  const BrokerParts& parts_;
  TokenStore& store_;
  KnownGrant known_;
  Provider provider_;
  Finished finished_;
  RenewalOutcome outcome_;
  bool rotated_ = false;
  int races_ = 0;
  std::optional<LockFile> lock_;
  Call step_;
  Call limit_;
};

}  // namespace mail_oauth
