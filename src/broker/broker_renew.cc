// SPDX-License-Identifier: GPL-3.0-or-later
//
// The half of Broker that renews: when asked, and ahead of expiry.
#include <utility>

#include "broker/broker.h"
#include "broker/schedule.h"

namespace mail_oauth {

/// REQUIRES: the entry is idle, and has a grant.
void Broker::renew(GrantEntry& entry, bool background) {
  const AccessToken& distrusted =
      entry.renewal_wanted ? entry.known.grant->access_token : entry.distrusted;
  entry.timer.cancel();
  auto& renewing = entry.work.emplace<Renewing>();
  renewing.background = background;
  renewing.renewal = std::make_unique<Renewal>(
      parts_, entry.known.duplicate(), distrusted.duplicate(), may_ask(entry, background),
      [this, &entry] { tell_at_end(entry); },
      [this, &entry](RenewalOutcome outcome) { renewed(entry, std::move(outcome)); });
}

void Broker::renewed(GrantEntry& entry, RenewalOutcome outcome) {
  const Renewing done = std::move(std::get<Renewing>(entry.work));  // It is calling us.
  entry.work = Idle{};
  entry.state = Ready{};
  entry.provider = std::move(outcome.provider);
  if (entry.refused && !entry.distrusted.empty() && outcome.asked) {
    entry.forced = std::move(entry.distrusted);
    entry.force_again = parts_.clock.uptime() + schedule::kForcedPause;
  }
  if (!outcome.known.grant) return needs_sign_in(entry, *outcome.failure);

  const int failures = entry.failures;
  entry.known = std::move(outcome.known);
  token_changed(entry);
  entry.lifetime = outcome.lifetime;
  const auto& unsaved = entry.known.unsaved;
  if (!unsaved) {
    set_saved(entry);
  } else if (outcome.store_refused || !entry.told_unsaved) {
    set_unsaved(entry, Error(unsaved->why));
  }
  if (outcome.failure) {
    entry.failures = failures;
    return failed(entry, outcome, done.background);
  }
  // However short its life: they waited for exactly this one.
  entry.distrusted = AccessToken();
  entry.renewal_wanted = false;
  hand_out(entry);
  // They need not wait for who unlocks the place where it goes.
  const bool shut = outcome.store_refused && unsaved && unsaved->why.code == "locked";
  const bool asks = shut && !outcome.person_refused && may_ask(entry, done.background);
  if (asks && parts_.background_store) return save_unsaved(entry, true);
  settle(entry);
}

void Broker::failed(GrantEntry& entry, const RenewalOutcome& outcome, bool background) {
  const Error& error = *outcome.failure;
  const BootTime now = parts_.clock.uptime();
  if (error.kind == Error::Kind::kReauthorize && outcome.asked) return needs_sign_in(entry, error);

  entry.distrust_ended();
  Failing failing{error, now, std::nullopt};
  if (error.kind == Error::Kind::kTransient || error.kind == Error::Kind::kStorage) {
    const auto pause = schedule::back_off(++entry.failures, error.retry_after, parts_.jitter());
    failing.retry = now + pause;
    if (error.kind == Error::Kind::kTransient) failing.until = now + pause;
  } else if (outcome.asked) {
    failing.until = now + schedule::kRefusedPause;
  }
  if (outcome.person_refused) entry.prompt_again = now + schedule::kRefusedPause;
  entry.state = std::move(failing);
  // Who joined a renewal that might not ask for unlocking gets one that may.
  if (background && error.kind == Error::Kind::kStorage) return settle(entry);
  const bool usable = schedule::usable(*entry.known.grant, parts_.clock.now());
  if (usable && !entry.renewal_wanted) hand_out(entry);
  turn_away(entry, error);
  settle(entry);
}

void Broker::needs_sign_in(GrantEntry& entry, const Error& error) {
  const bool had_grant = entry.known.grant.has_value();
  set_stale(entry);
  entry.known.stop_saving();
  if (error.code == "no-grant") entry.known.forget();
  entry.told_unsaved = false;
  entry.save_timer.cancel();
  entry.state = NeedsSignIn{error};
  if (can_hand_out(entry)) hand_out(entry);
  turn_away(entry, error);
  const bool tells = had_grant && !adopting(entry);  // Who signs in just now knows.
  if (tells && observer_.on_needs_sign_in) observer_.on_needs_sign_in(entry.key, error);
  settle(entry);
}

/// Only grants that somebody asked for have an entry with a grant.
void Broker::schedule_ahead(GrantEntry& entry) {
  entry.timer.cancel();
  if (!parts_.refresh_ahead || !entry.known.grant) return;
  if (entry.lifetime && *entry.lifetime <= schedule::kLeastLeft) return;
  std::optional<BootTime> due;
  if (const auto* failing = std::get_if<Failing>(&entry.state)) due = failing->retry;
  if (std::holds_alternative<Ready>(entry.state)) {
    if (!entry.renew_at) {
      const bool known = know_provider(entry);
      const auto margin = (known ? *entry.provider : Provider()).refresh_margin;
      const WallTime at =
          schedule::ahead_at(entry.known.grant->expires_at, entry.lifetime, margin, entry.jitter);
      entry.renew_at = parts_.clock.uptime() + (at - parts_.clock.now());
    }
    due = entry.renew_at;
  }
  if (!due) return;
  entry.timer = wait_until(parts_.clock, *due, [this, &entry] { renew(entry, true); });
}

}  // namespace mail_oauth
