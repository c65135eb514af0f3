// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/sign_out.h"

#include <utility>

#include "base/i18n.h"
#include "signin/revocation.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

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
  current_ = ports_.keeper.give_up(key_, [this](Result<Grant> grant) {
    if (!grant) return finish(grant.error());
    revoke_grant(*grant);
  });
}

void SignOut::revoke_grant(const Grant& grant) {
  if (grant.refresh_token.empty()) {
    return cannot_revoke(
        make_error(Error::Kind::kStorage,
                   _("its item in the keyring was damaged and held no readable token.")));
  }
  if (obstacle_) return cannot_revoke(*obstacle_);
  // A changed manifest must not send an old refresh token to somebody else.
  if (grant.token_endpoint != provider_->endpoints.token ||
      grant.issuer != provider_->endpoints.issuer) {
    return cannot_revoke(
        make_error(Error::Kind::kConfig,
                   format(_("{} names other addresses than those that this sign-in came from."),
                          {provider_->file})));
  }
  current_ =
      revoke(ports_.http, *provider_, client_, grant.refresh_token, [this](Result<void> answer) {
        if (!answer) return cannot_revoke(answer.error());
        SignedOut out;
        out.revoked = true;
        finish(out);
      });
}

void SignOut::cannot_revoke(const Error& why) {
  SignedOut out;
  out.not_revoked = why;
  finish(out);
}

void SignOut::finish(Result<SignedOut> result) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
