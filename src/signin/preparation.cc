// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/preparation.h"

#include <utility>

#include "oauth/authorization.h"
#include "signin/client_choice.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

Preparation::Preparation(TokenStore& store, HttpClient& http, Clock& clock,
                         const SignInRequest& request)
    : store_(store),
      metadata_(http, clock, request.metadata_folder),
      protocols_(request.protocols) {
  prepared_.provider = request.provider;
  prepared_.client.key = request.client;
}

void Preparation::start(Done<Prepared> done) {
  done_ = std::move(done);
  current_ = when_idle([this] { judge_settings(); });
}

void Preparation::judge_settings() {
  auto provider = for_tenant(std::move(prepared_.provider), prepared_.client.key.tenant);
  if (!provider) return finish(provider.error());
  prepared_.provider = *std::move(provider);
  auto scope = oauth::requested_scope(prepared_.provider, protocols_);
  if (!scope) return finish(scope.error());
  prepared_.scope = *std::move(scope);
  current_ = store_.prove_writable([this](Result<void> proved) {
    if (!proved) return finish(proved.error());
    load_secret();
  });
}

void Preparation::load_secret() {
  const Presence wanted = prepared_.provider.client_secret;
  if (wanted == Presence::kForbidden) return complete_provider();
  current_ = store_.load_client_secret(
      prepared_.client.key, [this, wanted](Result<std::optional<ClientSecret>> secret) {
        if (!secret) return finish(secret.error());
        Client& client = prepared_.client;
        if (*secret) client.secret = std::move(**secret);
        if (client.secret.empty() && wanted == Presence::kRequired) {
          return finish(missing_client_secret(client.key));
        }
        complete_provider();
      });
}

void Preparation::complete_provider() {
  current_ = metadata_.complete(prepared_.provider, [this](Result<Provider> provider) {
    if (!provider) return finish(provider.error());
    prepared_.provider = *std::move(provider);
    prepared_.client.basic = prepared_.provider.takes_basic();
    finish(std::move(prepared_));
  });
}

void Preparation::finish(Result<Prepared> result) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
