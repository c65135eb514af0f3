// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ends a grant: forgotten here in any case, and revoked at the provider where it offers that.
//
// One thread's GMainContext. Destroying it cancels what was not done yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oauth/client.h"
#include "oauth/provider.h"
#include "ports/clock.h"
#include "ports/grant_keeper.h"
#include "ports/http_client.h"
#include "ports/token_store.h"
#include "signin/metadata_fetcher.h"

namespace mail_oauth::signin {

struct SignedOut {
  bool revoked = false;
  /// Why the provider may still accept the old tokens, or some of them.
  std::optional<Error> not_revoked;
};

class SignOut {
 public:
  struct Ports {
    TokenStore& store;
    GrantKeeper& keeper;
    HttpClient& http;
    Clock& clock;
  };

  /// `provider` as in the catalog; nothing when its manifest is gone or broken.
  SignOut(Ports ports, std::optional<Provider> provider, GrantKey key, std::string metadata_folder);

  /// Once. Fails only as GrantKeeper::give_up does: the grant is still there.
  void start(Done<SignedOut> done);

 private:
  void load_secret();
  void complete_provider();
  void give_up();
  void revoke_next();
  Result<void> may_revoke(const Grant& grant) const;
  void finish(Result<SignedOut> result);

  Ports ports_;
  std::optional<Provider> provider_;
  GrantKey key_;
  Client client_;
  MetadataFetcher metadata_;
  std::optional<Error> obstacle_;  ///< Known before the grant is given up.
  std::vector<Grant> grants_;      ///< To be revoked, the next one last.
  std::optional<Error> not_revoked_;
  Done<SignedOut> done_;
  Call current_;
};

}  // namespace mail_oauth::signin
