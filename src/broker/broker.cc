// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/broker.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/i18n.h"
#include "broker/keeping.h"
#include "broker/renewal_request.h"
#include "broker/schedule.h"
#include "oauth/token_answer.h"

namespace mail_oauth {
namespace {

double random_share() {
  static thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

}  // namespace

Broker::Broker(BrokerParts parts, BrokerObserver observer)
    : parts_(std::move(parts)), observer_(std::move(observer)) {
  if (!parts_.jitter) parts_.jitter = random_share;
}

Broker::~Broker() {
  const Error ended = make_error(Error::Kind::kCancelled, _("The program is ending."));
  for (auto& entry : entries_) turn_away(entry.second, ended);
}

Call Broker::token(GrantKey key, Protocol protocol, Done<AccessToken> done) {
  auto answer = Pending<AccessToken>::of(std::move(done));
  GrantEntry& entry = entry_of(key);
  entry.waiters.push_back({protocol, answer});
  settle(entry);
  return Call([answer] { answer->cancel(); });
}

/// Only marks it: the next one who asks causes the renewal.
void Broker::refused(const GrantKey& key, std::string_view token) {
  GrantEntry& entry = entry_of(key);
  if (token.empty() || entry.forced.equals(token)) return;
  if (parts_.clock.now() < entry.force_again) return;
  const bool other = entry.grant && !entry.grant->access_token.equals(token);
  if (other) return;
  entry.distrusted = AccessToken(Secret(token));
  set_stale(entry);
}

std::vector<GrantKey> Broker::unsaved() const {
  std::vector<GrantKey> keys;
  for (const auto& entry : entries_) {
    if (entry.second.unsaved) keys.push_back(entry.first);
  }
  return keys;
}

bool Broker::unsettled() const {
  const auto asked = [](const auto& entry) {
    const auto* renewing = std::get_if<Renewing>(&entry.second.state);
    return renewing && renewing->renewal->asked();
  };
  return !keepings_.empty() || std::any_of(entries_.begin(), entries_.end(), asked);
}

GrantEntry& Broker::entry_of(const GrantKey& key) {
  GrantEntry& entry = entries_[key];
  if (entry.key.identity.empty()) entry.key = key;
  return entry;
}

/// Answers whom it can, and starts what the others wait for.
void Broker::settle(GrantEntry& entry) {
  entry.waiters.remove_if([](const Waiter& waiter) { return waiter.answer->cancelled(); });
  if (can_hand_out(entry)) hand_out(entry);
  if (entry.waiters.empty()) return schedule_ahead(entry);

  if (std::holds_alternative<Unknown>(entry.state)) return load(entry, std::nullopt);
  if (std::holds_alternative<Ready>(entry.state)) return renew(entry, false);
  if (auto* failing = std::get_if<Failing>(&entry.state)) {
    if (parts_.clock.now() >= failing->until) return renew(entry, false);
    turn_away(entry, failing->error);
    return schedule_ahead(entry);
  }
  if (auto* ended = std::get_if<NeedsSignIn>(&entry.state)) {
    load(entry, NeedsSignIn{ended->error, ended->dead.duplicate()});
  }
}

void Broker::load(GrantEntry& entry, std::optional<NeedsSignIn> before) {
  TokenStore& store = store_for(entry, false);
  auto& loading = entry.state.emplace<Loading>();
  loading.before = std::move(before);
  loading.load = store.load(entry.key, [this, &entry](Result<std::optional<Grant>> item) {
    loaded(entry, std::move(item));
  });
}

void Broker::loaded(GrantEntry& entry, Result<std::optional<Grant>> item) {
  auto before = std::move(std::get<Loading>(entry.state).before);
  if (!item) {
    const Error& error = item.error();
    if (error.code == "locked") {
      entry.prompt_again = parts_.clock.now() + schedule::kRefusedPause;
    }
    if (before) {
      entry.state = std::move(*before);
    } else {
      entry.state = Unknown{};
    }
    return turn_away(entry, error);
  }
  const bool dead = before && (*item ? before->dead.equals((*item)->refresh_token.reveal())
                                     : before->dead.empty());
  if (dead) {
    const Error error = before->error;
    entry.state = std::move(*before);
    return turn_away(entry, error);
  }
  if (!*item) return needs_sign_in(entry, not_signed_in(entry.key));
  entry.stored = (*item)->refresh_token.duplicate();
  take(entry, std::move(**item));
  entry.state = Ready{};
  settle(entry);
}

/// A grant from elsewhere takes the place of what was known.
void Broker::take(GrantEntry& entry, Grant grant) {
  set_stale(entry);
  entry.grant = std::move(grant);
  entry.lifetime.reset();
  entry.jitter = parts_.jitter();
  entry.failures = 0;
  ++entry.generation;
}

bool Broker::can_hand_out(const GrantEntry& entry) const {
  const WallTime now = parts_.clock.now();
  if (!entry.grant || !schedule::usable(*entry.grant, now)) return false;
  // Refused by a mail server, and its grant ended by the token endpoint: what is left of its life
  // serves nobody, and would hide that a sign-in is needed.
  if (std::holds_alternative<NeedsSignIn>(entry.state) &&
      entry.forced.equals(entry.grant->access_token.reveal())) {
    return false;
  }
  if (!entry.distrusted.equals(entry.grant->access_token.reveal())) return true;
  // A distrusted token that cannot be renewed now is still the best there is: the refusal may have
  // been about one mailbox.
  const auto* failing = std::get_if<Failing>(&entry.state);
  return failing && now < failing->until;
}

void Broker::hand_out(GrantEntry& entry) {
  if (!entry.waiters.empty() && !entry.provider) {
    auto provider = parts_.provider_of(entry.key.client);
    if (!provider) return turn_away(entry, provider.error());
    entry.provider = std::move(*provider);
  }
  if (!entry.waiters.empty()) set_fresh(entry);
  for (const Waiter& waiter : std::exchange(entry.waiters, {})) {
    if (oauth::scope_serves(*entry.provider, waiter.protocol, entry.grant->scope)) {
      waiter.answer->answer(entry.grant->access_token.duplicate());
    } else {
      waiter.answer->answer(not_covered(entry.key, waiter.protocol));
    }
  }
}

void Broker::set_fresh(const GrantEntry& entry) const {
  // In other states the answer to the next one depends on more than the time.
  if (!observer_.on_fresh || !std::holds_alternative<Ready>(entry.state)) return;
  if (!can_hand_out(entry)) return;
  FreshToken fresh{
      entry.grant->access_token.duplicate(), entry.grant->expires_at, entry.grant->received_at, {}};
  for (const Protocol protocol : kProtocols) {
    if (oauth::scope_serves(*entry.provider, protocol, entry.grant->scope)) {
      fresh.serves.push_back(protocol);
    }
  }
  observer_.on_fresh(entry.key, std::move(fresh));
}

void Broker::set_stale(const GrantEntry& entry) const {
  if (observer_.on_stale) observer_.on_stale(entry.key);
}

void Broker::turn_away(GrantEntry& entry, const Error& error) {
  for (const Waiter& waiter : std::exchange(entry.waiters, {})) waiter.answer->answer(error);
}

/// After a question that the person dismissed, the next ones are not put for a while.
TokenStore& Broker::store_for(const GrantEntry& entry, bool background) const {
  const bool quiet = background || parts_.clock.now() < entry.prompt_again;
  return quiet && parts_.background_store ? *parts_.background_store : parts_.store;
}

}  // namespace mail_oauth
