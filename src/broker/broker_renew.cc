// SPDX-License-Identifier: GPL-3.0-or-later
//
// The half of Broker that renews: when asked, and ahead of expiry.
#include <algorithm>
#include <utility>

#include "broker/broker.h"
#include "broker/keeping.h"
#include "broker/schedule.h"

namespace mail_oauth {

void Broker::renew(GrantEntry& entry, bool background) {
  TokenStore& store = store_for(entry, background);
  KnownGrant known;
  known.grant = entry.grant->duplicate();
  known.stored = entry.stored.duplicate();
  known.unsaved = entry.unsaved.has_value();
  known.distrusted = entry.distrusted.duplicate();
  entry.timer.cancel();
  auto& renewing = entry.state.emplace<Renewing>();
  renewing.background = background;
  renewing.renewal = std::make_unique<Renewal>(
      parts_, store, std::move(known),
      [this, &entry](RenewalOutcome outcome) { renewed(entry, std::move(outcome)); });
}

void Broker::renewed(GrantEntry& entry, RenewalOutcome outcome) {
  const Renewing done = std::move(std::get<Renewing>(entry.state));
  entry.state = Ready{};
  entry.provider.reset();
  if (!entry.distrusted.empty() && outcome.asked) {
    entry.forced = std::move(entry.distrusted);
    entry.force_again = parts_.clock.now() + schedule::kForcedPause;
  }
  if (!outcome.grant) return needs_sign_in(entry, *outcome.failure);

  const bool was_unsaved = entry.unsaved.has_value();
  entry.stored = std::move(outcome.stored);
  const int failures = entry.failures;
  take(entry, std::move(*outcome.grant));
  entry.lifetime = outcome.lifetime;
  if (outcome.store_refused) {
    set_unsaved(entry, *outcome.store_refused);
  } else if (was_unsaved && !outcome.unsaved) {
    set_saved(entry);
  }
  if (outcome.failure) {
    entry.failures = failures;
    return failed(entry, outcome, done.background);
  }
  // However short its life: they waited for exactly this one.
  entry.distrusted = AccessToken();
  hand_out(entry);
  settle(entry);
}

void Broker::failed(GrantEntry& entry, const RenewalOutcome& outcome, bool background) {
  const Error& error = *outcome.failure;
  const WallTime now = parts_.clock.now();
  if (error.kind == Error::Kind::kReauthorize && outcome.asked) return needs_sign_in(entry, error);

  Failing failing{error, now, std::nullopt};
  if (error.kind == Error::Kind::kTransient || error.kind == Error::Kind::kStorage) {
    const auto pause = schedule::back_off(++entry.failures, error.retry_after, parts_.jitter());
    failing.retry = now + pause;
    if (error.kind == Error::Kind::kTransient) failing.until = now + pause;
  } else if (outcome.asked) {
    failing.until = now + schedule::kRefusedPause;
  }
  if (!background && error.code == "locked") entry.prompt_again = now + schedule::kRefusedPause;
  entry.state = std::move(failing);
  // Who joined a renewal that might not ask for unlocking gets one that may.
  if (background && error.kind == Error::Kind::kStorage) return settle(entry);
  if (schedule::usable(*entry.grant, now)) hand_out(entry);
  turn_away(entry, error);
  schedule_ahead(entry);
}

void Broker::needs_sign_in(GrantEntry& entry, const Error& error) {
  NeedsSignIn ended{error, RefreshToken()};
  if (entry.grant && error.code != "no-grant") ended.dead = entry.grant->refresh_token.duplicate();
  const bool had_grant = entry.grant.has_value();
  set_stale(entry);
  if (error.code == "no-grant") {
    entry.grant.reset();
    ++entry.generation;
  }
  if (entry.unsaved) set_saved(entry);
  entry.state = std::move(ended);
  if (can_hand_out(entry)) hand_out(entry);
  turn_away(entry, error);
  if (had_grant && observer_.on_needs_sign_in) observer_.on_needs_sign_in(entry.key, error);
}

/// Only grants that somebody asked for have an entry with a grant.
void Broker::schedule_ahead(GrantEntry& entry) {
  entry.timer.cancel();
  if (!parts_.refresh_ahead || !entry.grant) return;
  if (entry.lifetime && *entry.lifetime <= schedule::kLeastLeft) return;
  std::optional<WallTime> due;
  if (const auto* failing = std::get_if<Failing>(&entry.state)) due = failing->retry;
  if (std::holds_alternative<Ready>(entry.state)) {
    const auto margin = entry.provider ? entry.provider->refresh_margin : std::chrono::seconds(300);
    due = schedule::ahead_at(entry.grant->expires_at, entry.lifetime, margin, entry.jitter);
  }
  if (!due) return;
  const auto wait = schedule::next_piece(*due, parts_.clock.now());
  entry.timer = parts_.clock.after(wait, [this, &entry, due] {
    if (parts_.clock.now() >= *due) return renew(entry, true);
    schedule_ahead(entry);
  });
}

}  // namespace mail_oauth
