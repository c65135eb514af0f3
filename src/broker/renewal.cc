// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/renewal.h"

#include <memory>
#include <utility>

#include "base/i18n.h"
#include "broker/lock_wait.h"
#include "broker/renewal_request.h"
#include "broker/schedule.h"
#include "oauth/retry_after.h"
#include "oauth/token_answer.h"
#include "oauth/token_request.h"

namespace mail_oauth {
namespace {

/// A keyring may wait for a person; the lock may not.
constexpr std::chrono::seconds kStoreLimit{15};
constexpr int kMostRaces = 2;

Error store_too_slow() {
  return make_error(
      Error::Kind::kStorage,
      _("The keyring, or the command that keeps the sign-in, did not answer in time."), "slow");
}

}  // namespace

Renewal::Renewal(const BrokerParts& parts, TokenStore& store, KnownGrant known, Finished finished)
    : parts_(parts), store_(store), known_(std::move(known)), finished_(std::move(finished)) {
  step_ =
      take_lock(parts_.clock, parts_.locks(known_.grant.key), known_.grant.key, [this](auto lock) {
        if (!lock) return fail(lock.error());
        lock_ = std::move(*lock);
        read_store();
      });
}

void Renewal::read_store() {
  limit_step([this] { use_unsaved(store_too_slow()); });
  step_ = store_.load(known_.grant.key, [this](Result<std::optional<Grant>> item) {
    limit_.cancel();
    if (!item) return use_unsaved(item.error());
    choose(std::move(*item));
  });
}

void Renewal::use_unsaved(Error why) {
  if (!known_.unsaved) return fail(std::move(why));
  check_endpoint();
}

/// After taking the lock: somebody else may have renewed, signed in or signed out.
void Renewal::choose(std::optional<Grant> item) {
  if (!item) {
    if (known_.unsaved) return check_endpoint();
    outcome_.failure = not_signed_in(known_.grant.key);
    known_.grant = Grant{};
    return finish();
  }
  const bool news = !known_.stored.equals(item->refresh_token.reveal());
  if (known_.unsaved && !news) return check_endpoint();
  const bool other_token = !known_.grant.access_token.equals(item->access_token.reveal());
  known_.stored = item->refresh_token.duplicate();
  known_.unsaved = false;
  known_.grant = std::move(*item);
  const Grant& grant = known_.grant;
  if (other_token && schedule::usable(grant, parts_.clock.now()) &&
      !known_.distrusted.equals(grant.access_token.reveal())) {
    return finish();
  }
  check_endpoint();
}

void Renewal::check_endpoint() {
  auto provider = parts_.provider_of(known_.grant.key.client);
  if (!provider) return fail(provider.error());
  provider_ = std::move(*provider);
  if (!same_authority(provider_, known_.grant)) return fail(authority_changed(provider_));
  load_secret();
}

void Renewal::load_secret() {
  if (provider_.client_secret == Presence::kForbidden) return prove_store(ClientSecret());
  limit_step([this] { fail(store_too_slow()); });
  step_ = store_.load_client_secret(
      known_.grant.key.client, [this](Result<std::optional<ClientSecret>> secret) {
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
  step_ = store_.prove_place_of(known_.grant.key, [this, kept](const Result<void>& proved) {
    limit_.cancel();
    if (!proved) return fail(proved.error());
    ask(std::move(*kept));
  });
}

void Renewal::ask(ClientSecret secret) {
  const auto http = parts_.http();
  if (!http) return fail(http.error());
  const Client client{known_.grant.key.client, std::move(secret)};
  HttpRequest request;
  request.method = HttpRequest::Method::kPost;
  request.url = known_.grant.token_endpoint;
  request.body =
      oauth::refresh_body(client, known_.grant.refresh_token,
                          renewal_scope(provider_, known_.grant.scope), provider_.token_parameters);
  outcome_.asked = true;
  step_ = (*http)->send(std::move(request), [this](Result<HttpAnswer> answer) {
    if (!answer) return fail(answer.error());
    read_answer(*answer);
  });
}

void Renewal::read_answer(const HttpAnswer& answer) {
  auto tokens = oauth::parse_tokens(answer.status, answer.body.reveal());
  if (!tokens) {
    Error error = tokens.error();
    const auto wish = answer.headers.find("retry-after");
    if (wish != answer.headers.end()) {
      error.retry_after = oauth::retry_after(wish->second, parts_.clock.now());
    }
    if (error.kind == Error::Kind::kReauthorize) return race_check(std::move(error));
    return fail(std::move(error));
  }
  Grant& grant = known_.grant;
  if (!tokens->refresh_token.empty()) grant.refresh_token = std::move(tokens->refresh_token);
  if (!tokens->scope.empty()) grant.scope = std::move(tokens->scope);
  grant.access_token = std::move(tokens->access_token);
  grant.received_at = parts_.clock.now();
  grant.expires_at = grant.received_at + tokens->expires_in;
  rotated_ = !known_.stored.equals(grant.refresh_token.reveal());
  save(tokens->expires_in);
}

/// Before a person is sent to sign in: did another process use the token up and store its heir?
void Renewal::race_check(Error refusal) {
  limit_step([this] { fail(store_too_slow()); });
  step_ = store_.load(known_.grant.key, [this, refusal](Result<std::optional<Grant>> item) {
    limit_.cancel();
    if (!item) return fail(item.error());
    const bool news = *item && !known_.stored.equals((*item)->refresh_token.reveal());
    if (!news || ++races_ > kMostRaces) return fail(refusal);
    choose(std::move(*item));
  });
}

void Renewal::save(std::chrono::seconds lifetime) {
  outcome_.lifetime = lifetime;
  limit_step([this] {
    step_.cancel();
    saved(store_too_slow());
  });
  step_ = store_.save(known_.grant.duplicate(), [this](Result<void> result) {
    limit_.cancel();
    saved(std::move(result));
  });
}

void Renewal::saved(Result<void> result) {
  if (result) {
    known_.stored = known_.grant.refresh_token.duplicate();
    known_.unsaved = false;
  } else if (rotated_) {
    known_.unsaved = true;
    outcome_.store_refused = result.error();
  }
  finish();
}

void Renewal::limit_step(std::function<void()> timed_out) {
  limit_ = parts_.clock.after(kStoreLimit, std::move(timed_out));
}

void Renewal::fail(Error failure) {
  outcome_.failure = std::move(failure);
  finish();
}

/// The last statement of whoever calls it: the callback may destroy this.
void Renewal::finish() {
  step_.cancel();
  limit_.cancel();
  lock_.reset();
  const bool gone = known_.grant.refresh_token.empty() && known_.grant.access_token.empty();
  if (!gone) outcome_.grant = std::move(known_.grant);
  outcome_.stored = std::move(known_.stored);
  outcome_.unsaved = known_.unsaved;
  const auto finished = std::exchange(finished_, nullptr);
  finished(std::move(outcome_));
}

}  // namespace mail_oauth
