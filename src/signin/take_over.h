// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps a sign-in that another program made with the same client: its refresh token.
//
// Nobody is asked and nothing is sent but a request for metadata: whether the token is still good
// shows at its first renewal, which is the broker's, so that what the server gives for it is stored
// as ever. Everything happens on the GMainContext that was thread-default at start(). Destroying it
// cancels.
#pragma once

#include <memory>

#include "ports/clock.h"
#include "ports/grant_keeper.h"
#include "ports/http_client.h"
#include "ports/token_store.h"
#include "signin/preparation.h"
#include "signin/sign_in.h"

namespace mail_oauth::signin {

class TakeOver {
 public:
  /// All borrowed, and outliving it.
  struct Ports {
    TokenStore& store;
    GrantKeeper& keeper;
    HttpClient& http;
    Clock& clock;
  };

  /// `request.provider` has to be the one that gave the token: the token goes there.
  TakeOver(Ports ports, SignInRequest request, RefreshToken token);

  /// Once. `done` comes once, later; it may destroy this. Fails as Preparation and
  /// GrantKeeper::adopt; then nothing was kept, or only in memory.
  void start(Done<GrantKey> done);

 private:
  void adopt(Prepared prepared);
  void finish(Result<GrantKey> result);

  Ports ports_;
  SignInRequest request_;
  RefreshToken token_;
  Done<GrantKey> done_;
  Preparation preparation_;
  Call current_;
};

}  // namespace mail_oauth::signin
