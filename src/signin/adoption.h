// SPDX-License-Identifier: GPL-3.0-or-later
//
// What comes after the provider gave tokens, however somebody signed in: who was it, may they, what
// was granted, and the grant goes to its keeper. One thread's GMainContext; destroying it cancels.
#pragma once

#include <memory>
#include <string>

#include "oauth/id_token.h"
#include "oauth/token_answer.h"
#include "ports/clock.h"
#include "ports/grant_keeper.h"
#include "ports/http_client.h"
#include "signin/preparation.h"
#include "signin/sign_in.h"

namespace mail_oauth::signin {

class Adoption {
 public:
  struct Ports {
    HttpClient& http;
    GrantKeeper& keeper;
    Clock& clock;
  };

  /// Borrows the ports and both of the others, which outlive it.
  Adoption(Ports ports, const Prepared& prepared, const SignInRequest& request,
           ConfirmIdentity confirm, Done<SignedIn> done);

  /// Once, with a whole answer of the token endpoint, and the nonce that was sent to get it; empty:
  /// none was. `done` may come from inside this call, and may destroy this.
  ///
  /// Fails as sign_in_tokens, signed_in_person and GrantKeeper::adopt. kCancelled: another
  /// identity, which was declined; the provider is told where that ends nothing else. kRefused:
  /// none of the protocols was granted.
  void take(const HttpAnswer& answer, const std::string& nonce = "");
  /// The grant has gone to its keeper, and is kept whatever becomes of this.
  bool handed_over() const { return handed_over_; }

 private:
  void check_identity();
  void decline();
  void adopt();
  void finish(Result<SignedIn> result);

  Ports ports_;
  const Prepared& prepared_;
  const SignInRequest& request_;
  ConfirmIdentity confirm_;
  Done<SignedIn> done_;
  oauth::Tokens tokens_;
  oauth::Person person_;
  BootTime received_at_{};
  Call current_;
  bool handed_over_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace mail_oauth::signin
