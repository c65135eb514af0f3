// SPDX-License-Identifier: GPL-3.0-or-later
//
// One renewal of one grant: lock, re-read, ask, store (rules I1 and I2).
//
// Invariants kept here: nothing is asked without the lock; whatever another process stored
// meanwhile wins, but never what the grant itself took the place of; a rotated refresh token is
// stored, or reported as unsaved, before the caller sees its access token. Destroying a Renewal
// cancels it and frees the lock. A person is asked without it. RFC 6749 section 6. Belongs to the
// broker's thread.
#pragma once

#include <functional>
#include <optional>

#include "broker/broker_parts.h"
#include "broker/keeping.h"
#include "broker/known_grant.h"
#include "broker/lock_file.h"
#include "broker/loss.h"

namespace mail_oauth {

struct RenewalOutcome {
  KnownGrant known;                              ///< No grant: the store has none any more.
  std::optional<Provider> provider;              ///< When it had to be read.
  std::optional<std::chrono::seconds> lifetime;  ///< Of the token, when it is new.
  bool store_refused = false;                    ///< It was asked just now to take the grant.
  std::optional<Error> failure;                  ///< Why the token is not new.
  bool asked = false;                            ///< The token endpoint was asked.
  bool person_refused = false;                   ///< To unlock the store, or did not answer.
};

class Renewal {
 public:
  using Finished = std::function<void(RenewalOutcome)>;

  /// `distrusted`: a token that a mail server refused. It is not handed out, however fresh it is.
  /// `may_ask`: the person, to unlock the store; without the lock, and then all begins anew.
  /// `finished` comes once, later, and may destroy the Renewal; `at_end_changed` any time before.
  /// REQUIRES: a grant is known.
  Renewal(const BrokerParts& parts, KnownGrant known, AccessToken distrusted, bool may_ask,
          std::function<void()> at_end_changed, Finished finished);

  /// The refresh token was sent.
  bool asked() const { return outcome_.asked; }
  /// What destroying this does to the grant.
  AtEnd at_end() const { return at_end_; }
  /// The store is just being changed.
  bool writing() const { return writing_; }

  Renewal(const Renewal&) = delete;
  Renewal& operator=(const Renewal&) = delete;

 private:
  void begin();
  void read_store();
  void read(Result<std::optional<Grant>> item);
  void ask_person();
  TokenStore& store() const;
  void choose(std::optional<Grant> item);
  void use_unsaved(Error why);
  void check_endpoint();
  void load_secret();
  void prove_store(ClientSecret secret);
  void ask(ClientSecret secret);
  void read_answer(const HttpAnswer& answer);
  bool keep_refresh_token(RefreshToken token);
  void set_at_end(AtEnd at_end);
  Stands beside(const std::optional<Grant>& item);
  void race_check(Error refusal);
  void end_with(Error refusal);
  void save();
  void write();
  void saved(Result<void> result);

  void limit_step(std::function<void()> timed_out, std::chrono::seconds limit = kStoreLimit);
  void fail(Error failure);
  void finish();

  const BrokerParts& parts_;
  KnownGrant known_;
  GrantKey key_;
  AccessToken distrusted_;
  bool may_ask_;
  bool person_asked_ = false;  ///< And they unlocked it.
  bool unread_ = false;        ///< What stands in the store could not be read.
  Provider provider_;
  std::function<void()> at_end_changed_;
  Finished finished_;
  RenewalOutcome outcome_;
  AtEnd at_end_ = AtEnd::kKept;
  bool writing_ = false;
  int races_ = 0;
  std::optional<LockFile> lock_;
  Call step_;
  Call limit_;
};

}  // namespace mail_oauth
