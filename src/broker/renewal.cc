// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/renewal.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/i18n.h"
#include "broker/keeping.h"
#include "broker/lock_wait.h"
#include "broker/renewal_request.h"
#include "broker/schedule.h"
#include "oauth/id_token.h"
#include "oauth/retry_after.h"
#include "oauth/token_answer.h"
#include "oauth/token_request.h"
#include "ports/form_post.h"

namespace mail_oauth {
namespace {

constexpr int kMostRaces = 2;

}  // namespace

Renewal::Renewal(const BrokerParts& parts, KnownGrant known, AccessToken distrusted, bool may_ask,
                 std::function<void()> at_end_changed, Finished finished)
    : parts_(parts),
      known_(std::move(known)),
      key_(known_.grant->key),
      distrusted_(std::move(distrusted)),
      // A command's person sits before it, and no store of it keeps quiet.
      may_ask_(may_ask && parts.background_store),
      at_end_changed_(std::move(at_end_changed)),
      finished_(std::move(finished)) {
  begin();
}

void Renewal::begin() {
  step_ = take_lock(parts_.clock, parts_.lock_folder, key_, lock_limit(store(), key_),
                    [this](auto lock) {
                      if (!lock) return fail(lock.error());
                      lock_ = std::move(*lock);
                      read_store();
                    });
}

void Renewal::read_store() {
  limit_step([this] { use_unsaved(store_too_slow()); });
  step_ = store().load(key_, [this](Result<std::optional<Grant>> item) {
    limit_.cancel();
    read(std::move(item));
  });
}

void Renewal::read(Result<std::optional<Grant>> item) {
  if (item) return choose(std::move(*item));
  if (item.error().code == "locked" && std::exchange(may_ask_, false)) return ask_person();
  use_unsaved(item.error());
}

void Renewal::ask_person() {
  step_.cancel();
  lock_.reset();
  const auto answered = [this](const Result<std::optional<Grant>>& item) {
    limit_.cancel();
    step_.cancel();
    person_asked_ = item.has_value();
    outcome_.person_refused = !person_asked_;
    begin();
  };
  limit_ = wait_until(parts_.clock, parts_.clock.uptime() + parts_.person_limit,
                      [answered] { answered(store_too_slow()); });
  step_ = parts_.store.load(key_, answered);
}

/// Some ask for each reading: what the person has just allowed is not asked of the one that may
/// not.
TokenStore& Renewal::store() const { return person_asked_ ? parts_.store : parts_.quiet_store(); }

void Renewal::use_unsaved(Error why) {
  if (!known_.unsaved) return fail(std::move(why));
  unread_ = true;
  check_endpoint();
}

Stands Renewal::beside(const std::optional<Grant>& item) {
  return known_.beside(item, parts_.clock.now());
}

/// After taking the lock: somebody else may have renewed, signed in or signed out.
void Renewal::choose(std::optional<Grant> item) {
  switch (beside(item)) {
    case Stands::kNothing:
      return check_endpoint();
    case Stands::kSignedOut:
      known_.forget();
      return fail(not_signed_in(key_));
    case Stands::kOlder:  // A save that came late, or none yet.
      if (!known_.unsaved) known_.set_unsaved(store_too_slow());
      return check_endpoint();
    case Stands::kSame:
      if (known_.grant->received_at <= item->received_at) break;
      known_.grant->ended_at = std::max(known_.grant->ended_at, item->ended_at);
      known_.set_stored();  // But for the access token, which the store would not take.
      return check_endpoint();
    case Stands::kNewer:
      break;
  }
  const bool other_token = !known_.grant->access_token.equals(item->access_token.reveal());
  known_.take_stored(std::move(*item));
  const Grant& grant = *known_.grant;
  if (grant.ended()) distrusted_ = grant.access_token.duplicate();
  if (other_token && schedule::usable(grant, parts_.clock.now()) &&
      !distrusted_.equals(grant.access_token.reveal())) {
    return finish();
  }
  check_endpoint();
}

void Renewal::check_endpoint() {
  auto provider = parts_.provider_of(key_.client);
  if (!provider) return fail(provider.error());
  provider_ = std::move(*provider);
  outcome_.provider = provider_;
  if (!same_authority(provider_, *known_.grant)) return fail(authority_changed(provider_));
  load_secret();
}

void Renewal::load_secret() {
  if (provider_.client_secret == Presence::kForbidden) return prove_store(ClientSecret());
  limit_step([this] { fail(store_too_slow()); });
  step_ =
      store().load_client_secret(key_.client, [this](Result<std::optional<ClientSecret>> secret) {
        limit_.cancel();
        if (!secret) return fail(secret.error());
        if (!*secret && provider_.client_secret == Presence::kRequired) {
          return fail(no_client_secret(provider_));
        }
        prove_store(*secret ? std::move(**secret) : ClientSecret());
      });
}

/// A server that rotates ends the old refresh token when it gives the new one: who cannot try again
/// to store that finds out before.
void Renewal::prove_store(ClientSecret secret) {
  if (!parts_.proves_store || known_.unsaved) return ask(std::move(secret));
  const auto kept = std::make_shared<ClientSecret>(std::move(secret));
  limit_step([this] { fail(store_too_slow()); });
  step_ = store().prove_place_of(key_, [this, kept](const Result<void>& proved) {
    limit_.cancel();
    if (!proved) return fail(proved.error());
    ask(std::move(*kept));
  });
}

void Renewal::ask(ClientSecret secret) {
  const auto http = parts_.http();
  if (!http) return fail(http.error());
  const bool basic = provider_.client_secret_basic.value_or(known_.grant->client_secret_basic);
  const Client client{key_.client, std::move(secret), basic};
  HttpRequest request = form_post(provider_, client, known_.grant->token_endpoint,
                                  oauth::refresh_body(client, known_.grant->refresh_token,
                                                      renewal_scope(provider_, known_.grant->scope),
                                                      provider_.token_parameters));
  outcome_.asked = true;
  set_at_end(AtEnd::kMayBeLost);
  step_ = (*http)->send(std::move(request), [this](Result<HttpAnswer> answer) {
    if (!answer) return fail(answer.error());
    read_answer(*answer);
  });
}

void Renewal::read_answer(const HttpAnswer& answer) {
  auto tokens = oauth::parse_renewal(answer.status, answer.body.reveal());
  if (!tokens) {
    Error error = tokens.error();
    const auto wish = answer.headers.find("retry-after");
    if (wish != answer.headers.end()) {
      error.retry_after = oauth::retry_after(wish->second, parts_.clock.now());
    }
    if (error.kind == Error::Kind::kReauthorize) return race_check(std::move(error));
    // The old one may have ended, whatever else is wrong.
    const bool other =
        keep_refresh_token(oauth::refresh_token_of(answer.status, answer.body.reveal()));
    if (!other) return fail(std::move(error));
    outcome_.failure = std::move(error);
    return save();
  }
  Grant& grant = *known_.grant;
  const auto same = oauth::same_person(tokens->id_token.reveal(), provider_, grant);
  if (!same) return end_with(same.error());  // What was sent may be spent.
  keep_refresh_token(std::move(tokens->refresh_token));
  if (!tokens->scope.empty()) grant.scope = std::move(tokens->scope);
  grant.access_token = std::move(tokens->access_token);
  grant.received_at = parts_.clock.now();
  grant.ended_at = WallTime{};
  grant.expires_at = grant.received_at + tokens->expires_in;
  outcome_.lifetime = tokens->expires_in;
  save();
}

/// Whether it is another one than was sent.
bool Renewal::keep_refresh_token(RefreshToken token) {
  RefreshToken& old = known_.grant->refresh_token;
  const bool other = !token.empty() && !old.equals(token.reveal());
  set_at_end(known_.unsaved || other ? AtEnd::kLost : AtEnd::kKept);
  if (!other) return false;
  old = std::move(token);
  known_.grant->ended_at = WallTime{};
  ++known_.grant->renewals;
  return true;
}

void Renewal::set_at_end(AtEnd at_end) {
  if (std::exchange(at_end_, at_end) != at_end) at_end_changed_();
}

/// Before a person is sent to sign in: did another process use the token up and store its heir?
void Renewal::race_check(Error refusal) {
  set_at_end(AtEnd::kKept);
  limit_step([this] { fail(store_too_slow()); });
  step_ = store().load(key_, [this, refusal](Result<std::optional<Grant>> item) {
    limit_.cancel();
    if (!item) return fail(item.error());
    known_.outdated.grant_ended();
    const Stands stands = beside(*item);
    const bool race = stands == Stands::kNewer && ++races_ <= kMostRaces;
    if (race || stands == Stands::kSignedOut) return choose(std::move(*item));
    end_with(refusal);
  });
}

/// The end is written down, once, for whoever reads the grant next. An access token that has
/// expired, or that a mail server refused, or a person, and nobody can renew any more, is left to
/// nobody.
void Renewal::end_with(Error refusal) {
  set_at_end(AtEnd::kKept);
  Grant& grant = *known_.grant;
  const bool serves = schedule::usable(grant, parts_.clock.now()) &&
                      !distrusted_.equals(grant.access_token.reveal());
  const bool told = grant.ended() && (serves || grant.access_token.empty());
  if (known_.unsaved || told) return fail(std::move(refusal));
  grant.ended_at = std::max(parts_.clock.now(), grant.received_at);
  if (!serves) {
    grant.access_token = AccessToken();
    grant.expires_at = WallTime{};
  }
  outcome_.failure = std::move(refusal);
  save();
}

/// Nobody's grant is written over unread.
void Renewal::save() {
  if (!std::exchange(unread_, false)) return write();
  limit_step([this] { saved(store_too_slow()); });
  step_ = store().load(key_, [this](Result<std::optional<Grant>> item) {
    limit_.cancel();
    if (!item) return saved(item.error());
    const Stands stands = beside(*item);
    if (stands != Stands::kNewer && stands != Stands::kSignedOut) return write();
    outcome_.lifetime.reset();
    outcome_.failure.reset();
    set_at_end(AtEnd::kKept);
    choose(std::move(*item));
  });
}

void Renewal::write() {
  writing_ = true;
  const auto late = [this] {
    step_.cancel();
    saved(store_too_slow());
  };
  limit_step(late, write_limit(store(), key_));
  step_ = store().save(known_.grant->duplicate(), [this](Result<void> result) {
    limit_.cancel();
    saved(std::move(result));
  });
}

void Renewal::saved(Result<void> result) {
  if (result) {
    known_.set_stored();
  } else if (at_end_ == AtEnd::kLost) {
    known_.set_unsaved(result.error());
    outcome_.store_refused = true;
  }
  finish();
}

void Renewal::limit_step(std::function<void()> timed_out, std::chrono::seconds limit) {
  limit_ = parts_.clock.after(limit, std::move(timed_out));
}

void Renewal::fail(Error failure) {
  // What they unlocked was locked again, and asked them.
  if (person_asked_ && failure.code == "locked") outcome_.person_refused = true;
  outcome_.failure = std::move(failure);
  finish();
}

/// The last statement of whoever calls it: the callback may destroy this.
void Renewal::finish() {
  step_.cancel();
  limit_.cancel();
  lock_.reset();
  outcome_.known = std::move(known_);
  const auto finished = std::exchange(finished_, nullptr);
  finished(std::move(outcome_));
}

}  // namespace mail_oauth
