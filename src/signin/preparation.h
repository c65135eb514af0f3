// SPDX-License-Identifier: GPL-3.0-or-later
//
// What comes before anybody is asked to sign in, however they do: settings that can be judged
// without asking, a store that proves that it can keep a grant, the client secret, the provider's
// metadata; in this order. One thread's GMainContext; destroying it cancels.
#pragma once

#include <string>

#include "oauth/client.h"
#include "oauth/provider.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "ports/token_store.h"
#include "signin/metadata_fetcher.h"
#include "signin/sign_in.h"

namespace mail_oauth::signin {

struct Prepared {
  Provider provider;  ///< Tenant and metadata filled in.
  Client client;
  std::string scope;  ///< Of the protocols asked for, and what goes with them.
};

class Preparation {
 public:
  /// Borrows the ports.
  Preparation(TokenStore& store, HttpClient& http, Clock& clock, const SignInRequest& request);

  /// Once. `done` comes once, later; it may destroy this.
  ///
  /// kConfig: tenant, scopes or client secret wrong (the text names it). kStorage: the store cannot
  /// keep a grant. Else as MetadataFetcher::complete.
  void start(Done<Prepared> done);

 private:
  void judge_settings();
  void load_secret();
  void complete_provider();
  void finish(Result<Prepared> result);

  TokenStore& store_;
  MetadataFetcher metadata_;
  Prepared prepared_;
  std::vector<Protocol> protocols_;
  Done<Prepared> done_;
  Call current_;
};

}  // namespace mail_oauth::signin
