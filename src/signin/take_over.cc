// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/take_over.h"

#include <utility>

#include "signin/redemption.h"

namespace mail_oauth::signin {

TakeOver::TakeOver(Ports ports, SignInRequest request, RefreshToken token)
    : ports_(ports),
      request_(std::move(request)),
      token_(std::move(token)),
      preparation_(ports_.store, ports_.http, ports_.clock, request_) {}

void TakeOver::start(Done<GrantKey> done) {
  done_ = std::move(done);
  preparation_.start([this](Result<Prepared> prepared) {
    if (!prepared) return finish(prepared.error());
    adopt(*std::move(prepared));
  });
}

void TakeOver::adopt(Prepared prepared) {
  oauth::Tokens tokens;
  tokens.refresh_token = std::move(token_);
  tokens.expires_in = {};
  Grant grant = make_grant(prepared.provider, prepared.client, {request_.address, ""},
                           std::move(tokens), ports_.clock.now());
  const GrantKey key = grant.key;
  current_ = ports_.keeper.adopt(std::move(grant), [this, key](Result<void> kept) {
    if (!kept) return finish(kept.error());
    finish(key);
  });
}

void TakeOver::finish(Result<GrantKey> result) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
