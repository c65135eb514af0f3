// SPDX-License-Identifier: GPL-3.0-or-later
//
// The broker: owns the grants in memory, and decides when to renew.
//
// One event-driven machine on one thread: it never blocks, so that a black-holed provider stalls no
// other account. There is no mutex to hold across a call-out (rule I4); what may have changed while
// something was under way is told by the grant's generation (rule I3). Rules I1 and I2 are kept by
// renewal.h and, for sign-ins, by broker_keep.cc. threaded_broker.h serves other threads.
// Belongs to the thread that made it, which runs its GMainContext.
#pragma once

#include <list>
#include <map>
#include <vector>

#include "broker/broker_parts.h"
#include "broker/fresh_token.h"
#include "broker/grant_state.h"
#include "ports/grant_keeper.h"
#include "ports/token_source.h"

namespace mail_oauth {

/// Told on the broker's thread; each may be empty.
struct BrokerObserver {
  /// A newer grant is only in memory: it is lost at exit unless on_saved follows. Storing is
  /// retried.
  std::function<void(const GrantKey&, const Error&)> on_unsaved;
  std::function<void(const GrantKey&)> on_saved;
  /// The token endpoint ended the grant. Once for each grant.
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

  /// Goes on when its Call is dropped: a new grant is never lost.
  Call adopt(Grant grant, Done<void> done) override;
  /// Dropping its Call stops it unless the store is erasing already.
  Call give_up(GrantKey key, Done<Grant> done) override;

  /// Reads the grant and saves it again, with no renewal in between: a store that keeps it
  /// elsewhere from now on moves it by this. Nothing to move is no error. Fails as the store does;
  /// a grant that is only in memory is tried to be saved instead. Goes on when its Call is dropped.
  Call store_again(GrantKey key, Done<void> done);

  /// What is lost when the process ends now.
  std::vector<GrantKey> unsaved() const;
  /// Whether a refresh token was sent and its answer is not dealt with yet, or a grant is just
  /// being stored or erased: whoever ends now may lose a grant. Give it a moment, with a bound.
  bool unsettled() const;
  /// Tries at once to store what is unsaved, as after an unlocking or before the end.
  void save_now();

 private:
  struct Keeping;

  GrantEntry& entry_of(const GrantKey& key);
  void settle(GrantEntry& entry);
  void load(GrantEntry& entry, std::optional<NeedsSignIn> before);
  void loaded(GrantEntry& entry, Result<std::optional<Grant>> item);
  void renew(GrantEntry& entry, bool background);
  void renewed(GrantEntry& entry, RenewalOutcome outcome);
  void failed(GrantEntry& entry, const RenewalOutcome& outcome, bool background);
  void needs_sign_in(GrantEntry& entry, const Error& error);
  void schedule_ahead(GrantEntry& entry);

  void take(GrantEntry& entry, Grant grant);
  bool can_hand_out(const GrantEntry& entry) const;
  void hand_out(GrantEntry& entry);
  void set_fresh(const GrantEntry& entry) const;
  void set_stale(const GrantEntry& entry) const;
  void turn_away(GrantEntry& entry, const Error& error);
  TokenStore& store_for(const GrantEntry& entry, bool background) const;

  void set_unsaved(GrantEntry& entry, const Error& error);
  void set_saved(GrantEntry& entry);
  void save_unsaved(GrantEntry& entry);
  void retry_save(GrantEntry& entry, std::chrono::seconds pause);
  Keeping& begin_keeping(GrantKey key);
  void end_keeping(Keeping& keeping);
  void save_adopted(Keeping& keeping, std::shared_ptr<Pending<void>> answer);
  void erase_given_up(Keeping& keeping, std::optional<Grant> item,
                      std::shared_ptr<Pending<Grant>> answer);
  void save_again(Keeping& keeping);
  void save_read(Keeping& keeping, Result<std::optional<Grant>> item,
                 const std::shared_ptr<Pending<void>>& answer);

  BrokerParts parts_;
  BrokerObserver observer_;
  std::map<GrantKey, GrantEntry> entries_;
  std::list<std::unique_ptr<Keeping>> keepings_;
};

}  // namespace mail_oauth
