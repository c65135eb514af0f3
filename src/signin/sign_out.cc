// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/sign_out.h"

#include <algorithm>
#include <utility>

#include "base/i18n.h"
#include "oauth/metadata.h"
#include "signin/revocation.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

namespace {

/// A changed manifest must not send a live refresh token to somebody else. Where the sign-in saw no
/// revocation endpoint, or an older version kept none, one is good that is where the refresh token
/// goes anyway.
bool same_endpoints(const Grant& grant, const Endpoints& now) {
  if (grant.token_endpoint != now.token || grant.issuer != now.issuer) return false;
  return now.revocation.empty() || now.revocation == grant.revocation_endpoint ||
         (grant.revocation_endpoint.empty() &&
          oauth::same_origin(now.revocation, grant.token_endpoint));
}

}  // namespace

SignOut::SignOut(Ports ports, std::optional<Provider> provider, GrantKey key,
                 std::string metadata_folder)
    : ports_(ports),
      provider_(std::move(provider)),
      key_(std::move(key)),
      metadata_(ports.http, ports.clock, std::move(metadata_folder)) {
  client_.key = key_.client;
}

void SignOut::start(Done<SignedOut> done) {
  done_ = std::move(done);
  current_ = when_idle([this] { load_secret(); });
}

void SignOut::load_secret() {
  if (!provider_) {
    obstacle_ = make_error(Error::Kind::kConfig, format(_("There is no usable manifest for {}."),
                                                        {key_.client.provider}));
    return give_up();
  }
  auto filled = for_tenant(*provider_, key_.client.tenant);
  if (!filled) {
    obstacle_ = filled.error();
    return give_up();
  }
  provider_ = *std::move(filled);
  if (provider_->client_secret == Presence::kForbidden) return complete_provider();
  current_ = ports_.store.load_client_secret(client_.key,
                                             [this](Result<std::optional<ClientSecret>> secret) {
                                               if (!secret) return finish(secret.error());
                                               if (*secret) client_.secret = std::move(**secret);
                                               complete_provider();
                                             });
}

void SignOut::complete_provider() {
  current_ = metadata_.complete(*provider_, [this](Result<Provider> provider) {
    if (provider) {
      provider_ = *std::move(provider);

    } else {
      obstacle_ = provider.error();
    }
    give_up();
  });
}

void SignOut::give_up() {
  current_ = ports_.keeper.give_up(key_, [this](Result<std::vector<Grant>> grants) {
    if (!grants) return finish(grants.error());
    grants_ = std::move(*grants);
    std::reverse(grants_.begin(), grants_.end());
    revoke_next();
  });
}

/// Mostly there is one. What one of them meets keeps no other from being revoked.
void SignOut::revoke_next() {
  if (grants_.empty()) return finish(SignedOut{!not_revoked_, not_revoked_});
  const Grant grant = std::move(grants_.back());
  grants_.pop_back();
  const auto over = [this](const Result<void>& revoked) {
    if (!revoked && !not_revoked_) not_revoked_ = revoked.error();
    revoke_next();
  };
  if (const auto may = may_revoke(grant); !may) return over(may);
  client_.basic = provider_->client_secret_basic.value_or(grant.client_secret_basic);
  current_ = revoke(ports_.http, *provider_, client_, grant.refresh_token, over);
}

Result<void> SignOut::may_revoke(const Grant& grant) const {
  if (grant.refresh_token.empty()) {
    return make_error(Error::Kind::kStorage,
                      _("what was kept of it was damaged and held no readable token."));
  }
  if (obstacle_) return *obstacle_;
  if (same_endpoints(grant, provider_->endpoints)) return {};
  return make_error(Error::Kind::kConfig,
                    format(_("{} names other addresses than those that this sign-in came from."),
                           {provider_->file}));
}

void SignOut::finish(Result<SignedOut> result) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
