// SPDX-License-Identifier: GPL-3.0-or-later
//
// The broker: owns the grants in memory, and decides when to renew. Its rules, and who keeps them:
//
// I1: at most one refresh per grant is in flight, in this process and between processes: who asks,
//     stores or erases has the grant's lock, and read the store under it (renewal.h, keeping.h).
// I2: a rotated refresh token is stored, or said to be unsaved, before the access token that came
//     with it is handed out; it is kept, and storing is tried again. A sign-in likewise. What stood
//     in the store when a newer one came is never taken for news (outdated.h).
// I3: a grant has one work at a time, a renewal or a keeping, and what waits for its turn is not
//     looked at before (grant_state.h).
// I4: one event-driven machine on one thread: it never blocks, so that a black-holed provider
//     stalls no other account, and there is no mutex to hold across a call-out.
//
// threaded_broker.h serves other threads. Belongs to the thread that made it, which runs its
// GMainContext.
#pragma once

#include <map>
#include <vector>

#include "broker/broker_parts.h"
#include "broker/fresh_token.h"
#include "broker/grant_state.h"
#include "broker/loss.h"
#include "ports/grant_keeper.h"
#include "ports/token_source.h"

namespace mail_oauth {

/// Told on the broker's thread; each may be empty.
struct BrokerObserver {
  /// A newer grant is only in memory: it is lost at exit unless on_saved follows. Storing is
  /// retried until then, or until on_needs_sign_in.
  std::function<void(const GrantKey&, const Error&)> on_unsaved;
  std::function<void(const GrantKey&)> on_saved;
  /// Something else would become of it now at an end of the process.
  std::function<void(const GrantKey&, AtEnd)> on_at_end;
  /// The token endpoint ended the grant, or somebody signed out elsewhere. Once for each grant.
  std::function<void(const GrantKey&, const Error&)> on_needs_sign_in;
  /// Somebody signed in, in this process. It may be unsaved.
  std::function<void(const GrantKey&)> on_signed_in;
  /// This token was handed out, and is what everybody gets who asks from now on, as long as it
  /// lasts and until on_stale.
  std::function<void(const GrantKey&, FreshToken)> on_fresh;
  std::function<void(const GrantKey&)> on_stale;
};

class Broker : public TokenSource, public GrantKeeper {
 public:
  explicit Broker(BrokerParts parts, BrokerObserver observer = {});
  ~Broker() override;
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  Call token(GrantKey key, Protocol protocol, Done<AccessToken> done) override;
  void refused(const GrantKey& key, std::string_view token) override;

  /// As token(), but never what is at hand: the token endpoint is asked, unless another process
  /// renewed just now. For a person who says so: no pause of before stops it. One that the token
  /// endpoint ended leaves no access token in the store.
  Call renewed_token(GrantKey key, Protocol protocol, Done<AccessToken> done);

  /// Goes on when its Call is dropped: a new grant is never lost.
  Call adopt(Grant grant, Done<void> done) override;
  /// Dropping its Call stops it unless the store is erasing already.
  Call give_up(GrantKey key, Done<std::vector<Grant>> done) override;

  /// Reads the grant and saves it again, with no renewal in between: a store that keeps it
  /// elsewhere from now on moves it by this. Nothing to move is no error. Fails as the store does;
  /// a grant that is only in memory is tried to be saved instead. Goes on when its Call is dropped.
  Call store_again(GrantKey key, Done<void> done);

  /// What is lost when the process ends now: what no store would take, or has not taken yet; and
  /// what may be: a refresh token was sent and not answered yet.
  std::vector<Loss> losses() const;
  /// Whether a renewal has sent its refresh token and is not done, or a grant is just being stored
  /// or erased: so losses() may soon say something else. Give it a moment, with a bound.
  bool unsettled() const;
  /// A store is just being changed: for as long as write_limit() of keeping.h, and it may land
  /// though nobody waits for it.
  bool writing() const;
  /// Tries at once to store what is unsaved, as after an unlocking or before the end.
  void save_now();

 private:
  GrantEntry& entry_of(const GrantKey& key);
  Call ask(GrantEntry& entry, Protocol protocol, Done<AccessToken> done);
  void settle(GrantEntry& entry);
  void load(GrantEntry& entry, std::optional<NeedsSignIn> before);
  void loaded(GrantEntry& entry, Result<std::optional<Grant>> item);
  void renew(GrantEntry& entry, bool background);
  void renewed(GrantEntry& entry, RenewalOutcome outcome);
  void failed(GrantEntry& entry, const RenewalOutcome& outcome, bool background);
  void needs_sign_in(GrantEntry& entry, const Error& error);
  void schedule_ahead(GrantEntry& entry);
  bool know_provider(GrantEntry& entry, Error* why = nullptr) const;

  Stands beside(GrantEntry& entry, const std::optional<Grant>& item) const;
  void take_stored(GrantEntry& entry, Grant item);
  void token_changed(GrantEntry& entry) const;
  bool can_hand_out(const GrantEntry& entry) const;
  void hand_out(GrantEntry& entry);
  void set_fresh(const GrantEntry& entry) const;
  void set_stale(const GrantEntry& entry) const;
  void turn_away(GrantEntry& entry, const Error& error);
  bool may_ask(const GrantEntry& entry, bool background) const;

  void set_unsaved(GrantEntry& entry, const Error& error);
  void set_saved(GrantEntry& entry);
  void retry_save(GrantEntry& entry, std::chrono::seconds pause);
  void save_unsaved(GrantEntry& entry, bool may_ask);

  void add_task(const GrantKey& key, KeepingTask task);
  bool start_task(GrantEntry& entry);
  void end_called_off(GrantEntry& entry);
  static bool adopting(const GrantEntry& entry);
  static AtEnd at_end(const GrantEntry& entry);
  void tell_at_end(GrantEntry& entry) const;
  void task_ended(GrantEntry& entry, Result<void> result);
  Result<StoreChange> decide(GrantEntry& entry, Adoption& task, Result<std::optional<Grant>> item);
  Result<StoreChange> decide(GrantEntry& entry, GivingUp& task, Result<std::optional<Grant>> item);
  Result<StoreChange> decide(GrantEntry& entry, StoringAgain& task,
                             Result<std::optional<Grant>> item);
  Result<StoreChange> decide(GrantEntry& entry, SavingAgain& task,
                             Result<std::optional<Grant>> item);
  void ended(GrantEntry& entry, Adoption task, Result<void> result);
  void ended(GrantEntry& entry, GivingUp task, Result<void> result);
  void ended(GrantEntry& entry, StoringAgain task, Result<void> result);
  void ended(GrantEntry& entry, SavingAgain task, Result<void> result);

  BrokerParts parts_;
  BrokerObserver observer_;
  std::map<GrantKey, GrantEntry> entries_;
};

}  // namespace mail_oauth
