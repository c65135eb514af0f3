// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/broker.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/i18n.h"
#include "broker/renewal_request.h"
#include "broker/schedule.h"
#include "oauth/token_answer.h"

namespace mail_oauth {
namespace {

double random_share() {
  static thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

template <class Kind>
void tell_end(const Kind& task, const Error& error) {
  task.answer->at_end(nullptr);
  task.answer->answer(error);
}
void tell_end(const SavingAgain&, const Error&) {}

}  // namespace

Broker::Broker(BrokerParts parts, BrokerObserver observer)
    : parts_(std::move(parts)), observer_(std::move(observer)) {
  if (!parts_.jitter) parts_.jitter = random_share;
}

Broker::~Broker() {
  const Error ended = make_error(Error::Kind::kCancelled, _("The program is ending."));
  const auto tell = [&ended](const KeepingTask& task) {
    std::visit([&ended](const auto& kind) { tell_end(kind, ended); }, task);
  };
  for (auto& one : entries_) {
    const GrantEntry& entry = one.second;
    for (const Waiter& waiter : entry.waiters) waiter.answer->answer(ended);
    if (const auto* working = std::get_if<Working>(&entry.work)) tell(working->task);
    for (const KeepingTask& task : entry.tasks) tell(task);
  }
}

Call Broker::token(GrantKey key, Protocol protocol, Done<AccessToken> done) {
  return ask(entry_of(key), protocol, std::move(done));
}

Call Broker::renewed_token(GrantKey key, Protocol protocol, Done<AccessToken> done) {
  GrantEntry& entry = entry_of(key);
  entry.renewal_wanted = true;
  set_stale(entry);
  return ask(entry, protocol, std::move(done));
}

Call Broker::ask(GrantEntry& entry, Protocol protocol, Done<AccessToken> done) {
  auto answer = Pending<AccessToken>::of(std::move(done));
  entry.waiters.push_back({protocol, answer});
  settle(entry);
  return Call([answer] { answer->cancel(); });
}

/// Only marks it: the next one who asks causes the renewal.
void Broker::refused(const GrantKey& key, std::string_view token) {
  GrantEntry& entry = entry_of(key);
  if (token.empty() || entry.forced.equals(token)) return;
  if (parts_.clock.uptime() < entry.force_again) return;
  const bool other = entry.known.grant && !entry.known.grant->access_token.equals(token);
  if (other) return;
  entry.distrusted = AccessToken(Secret(token));
  entry.refused = true;
  set_stale(entry);
}

AtEnd Broker::at_end(const GrantEntry& entry) {
  if (entry.known.unsaved || adopting(entry)) return AtEnd::kLost;
  const auto* renewing = std::get_if<Renewing>(&entry.work);
  return renewing ? renewing->renewal->at_end() : AtEnd::kKept;
}

std::vector<Loss> Broker::losses() const {
  std::vector<Loss> losses;
  for (const auto& [key, entry] : entries_) {
    if (at_end(entry) != AtEnd::kKept) losses.push_back({key, at_end(entry)});
  }
  return losses;
}

void Broker::tell_at_end(GrantEntry& entry) const {
  const AtEnd now = at_end(entry);
  if (std::exchange(entry.told_at_end, now) == now) return;
  if (observer_.on_at_end) observer_.on_at_end(entry.key, now);
}

bool Broker::unsettled() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) {
    const auto* renewing = std::get_if<Renewing>(&entry.second.work);
    return (renewing && renewing->renewal->asked()) || !entry.second.tasks.empty() ||
           std::holds_alternative<Working>(entry.second.work);
  });
}

bool Broker::writing() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& one) {
    const auto* renewing = std::get_if<Renewing>(&one.second.work);
    const auto* working = std::get_if<Working>(&one.second.work);
    return (renewing && renewing->renewal->writing()) || (working && working->keeping->writing());
  });
}

GrantEntry& Broker::entry_of(const GrantKey& key) {
  GrantEntry& entry = entries_[key];
  if (entry.key.identity.empty()) entry.key = key;
  return entry;
}

/// Answers whom it can, and starts what the others wait for.
void Broker::settle(GrantEntry& entry) {
  tell_at_end(entry);
  entry.waiters.remove_if([](const Waiter& waiter) { return waiter.answer->cancelled(); });
  if (entry.waiters.empty()) entry.renewal_wanted = false;
  if (can_hand_out(entry)) hand_out(entry);
  if (start_task(entry) || adopting(entry)) return;

  const bool waiting = !entry.waiters.empty();
  if (waiting && std::holds_alternative<Unknown>(entry.state)) return load(entry, std::nullopt);
  if (const auto* ended = std::get_if<NeedsSignIn>(&entry.state); waiting && ended) {
    return load(entry, *ended);
  }
  if (!entry.idle()) return;  // Who has the grant settles again.
  if (!waiting) return schedule_ahead(entry);
  if (std::holds_alternative<Ready>(entry.state)) return renew(entry, false);
  if (auto* failing = std::get_if<Failing>(&entry.state)) {
    const bool due = entry.renewal_wanted || parts_.clock.uptime() >= failing->until;
    if (due) return renew(entry, false);
    turn_away(entry, Error(failing->error));
    schedule_ahead(entry);
  }
}

void Broker::load(GrantEntry& entry, std::optional<NeedsSignIn> before) {
  const bool asks = may_ask(entry, false);
  TokenStore& store = asks ? parts_.store : parts_.quiet_store();
  auto& loading = entry.state.emplace<Loading>();
  loading.asks = asks;
  loading.before = std::move(before);
  loading.load = store.load(entry.key, [this, &entry](Result<std::optional<Grant>> item) {
    loaded(entry, std::move(item));
  });
}

void Broker::loaded(GrantEntry& entry, Result<std::optional<Grant>> item) {
  const bool asked = std::get<Loading>(entry.state).asks;
  auto before = std::move(std::get<Loading>(entry.state).before);
  if (!item) {
    const Error& error = item.error();
    if (asked && error.code == "locked") {
      entry.prompt_again = parts_.clock.uptime() + schedule::kRefusedPause;
    }
    if (before) {
      entry.state = std::move(*before);
    } else {
      entry.state = Unknown{};
    }
    return turn_away(entry, error);
  }
  const auto nothing_new = [&] {
    if (!entry.known.grant) return !*item;
    return *item && beside(entry, *item) != Stands::kNewer;
  };
  if (before && nothing_new()) {
    const Error error = before->error;
    entry.state = std::move(*before);
    return turn_away(entry, error);
  }
  if (!*item) return needs_sign_in(entry, not_signed_in(entry.key));
  take_stored(entry, std::move(**item));
  settle(entry);
}

Stands Broker::beside(GrantEntry& entry, const std::optional<Grant>& item) const {
  return entry.known.beside(item, parts_.clock.now());
}

/// What another process stored.
void Broker::take_stored(GrantEntry& entry, Grant item) {
  entry.known.take_stored(std::move(item));
  token_changed(entry);
  entry.distrust_ended();
  entry.state = Ready{};
}

void Broker::token_changed(GrantEntry& entry) const {
  set_stale(entry);
  entry.lifetime.reset();
  entry.jitter = parts_.jitter();
  entry.renew_at.reset();
  entry.failures = 0;
}

bool Broker::can_hand_out(const GrantEntry& entry) const {
  if (entry.renewal_wanted) return false;
  const auto& grant = entry.known.grant;
  if (!grant || !schedule::usable(*grant, parts_.clock.now())) return false;
  // Refused by a mail server, and its grant ended by the token endpoint: what is left of its life
  // serves nobody, and would hide that a sign-in is needed.
  if (std::holds_alternative<NeedsSignIn>(entry.state) &&
      entry.forced.equals(grant->access_token.reveal())) {
    return false;
  }
  if (!entry.distrusted.equals(grant->access_token.reveal())) return true;
  // A distrusted token that cannot be renewed now is still the best there is: the refusal may have
  // been about one mailbox.
  const auto* failing = std::get_if<Failing>(&entry.state);
  return failing && parts_.clock.uptime() < failing->until;
}

/// Reads the manifest anew where that was not done for this token yet.
bool Broker::know_provider(GrantEntry& entry, Error* why) const {
  if (entry.provider) return true;
  auto provider = parts_.provider_of(entry.key.client);
  if (provider) {
    entry.provider = std::move(*provider);
    return true;
  }
  if (why) *why = provider.error();
  return false;
}

void Broker::hand_out(GrantEntry& entry) {
  if (entry.waiters.empty()) return;
  Error why;
  if (!know_provider(entry, &why)) return turn_away(entry, why);
  set_fresh(entry);
  const Grant& grant = *entry.known.grant;
  for (const Waiter& waiter : std::exchange(entry.waiters, {})) {
    if (oauth::scope_serves(*entry.provider, waiter.protocol, grant.scope)) {
      waiter.answer->answer(grant.access_token.duplicate());
    } else {
      waiter.answer->answer(not_covered(entry.key, waiter.protocol));
    }
  }
}

void Broker::set_fresh(const GrantEntry& entry) const {
  // In other states the answer to the next one depends on more than the time.
  const bool steady = std::holds_alternative<Ready>(entry.state) && entry.idle();
  if (!observer_.on_fresh || !steady) return;
  if (!can_hand_out(entry)) return;
  const Grant& grant = *entry.known.grant;
  FreshToken fresh{grant.access_token.duplicate(), grant.expires_at, grant.received_at, {}};
  for (const Protocol protocol : kProtocols) {
    if (oauth::scope_serves(*entry.provider, protocol, grant.scope)) {
      fresh.serves.push_back(protocol);
    }
  }
  observer_.on_fresh(entry.key, std::move(fresh));
}

void Broker::set_stale(const GrantEntry& entry) const {
  if (observer_.on_stale) observer_.on_stale(entry.key);
}

/// Whoever waits while somebody signs in waits for that.
void Broker::turn_away(GrantEntry& entry, const Error& error) {
  if (adopting(entry)) return;
  entry.renewal_wanted = false;
  for (const Waiter& waiter : std::exchange(entry.waiters, {})) waiter.answer->answer(error);
}

/// After a question that the person dismissed, the next ones are not put for a while; only who put
/// one says for how long.
bool Broker::may_ask(const GrantEntry& entry, bool background) const {
  return !background && parts_.clock.uptime() >= entry.prompt_again;
}

}  // namespace mail_oauth
