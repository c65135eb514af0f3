// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signs a person in with their browser: the authorization code flow with PKCE (RFC 6749
// section 4.1, RFC 7636, RFC 8252, RFC 9207).
//
// Order matters: the store has to prove that it can keep a grant before a browser opens, and the
// listener is bound before anybody can be sent to it. Everything happens on the GMainContext that
// was thread-default at start(). Destroying the flow cancels it: nothing is called any more.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "oauth/pkce.h"
#include "ports/browser.h"
#include "ports/clock.h"
#include "ports/grant_keeper.h"
#include "ports/http_client.h"
#include "ports/redirect_listener.h"
#include "ports/token_store.h"
#include "signin/adoption.h"
#include "signin/preparation.h"
#include "signin/redirect_wait.h"
#include "signin/sign_in.h"

namespace mail_oauth::signin {

/// What the flow works with; all borrowed, and outliving it.
struct Ports {
  TokenStore& store;
  GrantKeeper& keeper;
  HttpClient& http;
  RedirectListenerFactory& listeners;
  Browser& browser;
  Clock& clock;
};

/// What the flow tells and asks on the way.
struct SignInTalk {
  /// The address that a browser has to open; it may be shown to the person.
  std::function<void(const std::string& url)> authorization_url;
  /// The browser did not start: the person has to open the address by hand.
  std::function<void(const Error& why)> no_browser;
  ConfirmIdentity confirm_identity;
};

class AuthorizationCodeFlow {
 public:
  AuthorizationCodeFlow(Ports ports, SignInRequest request, SignInTalk talk);
  ~AuthorizationCodeFlow();

  /// Once. `done` comes once, later; it may destroy the flow.
  ///
  /// kConfig: tenant, scopes, client secret or redirect port wrong (the text names it). kStorage:
  /// the store cannot keep a grant. kCancelled: the person said no, here or at the provider.
  /// kTransient: network, or nobody came in time. kReauthorize: the code had expired. kRefused: the
  /// provider will not, takes pushed requests only, or granted none of the protocols. kProtocol:
  /// broken answers, no refresh token.
  void start(Done<SignedIn> done);

  /// See RedirectWait::paste. kConfig: nobody waits for an address (yet).
  Result<void> paste(std::string_view text);

  /// Ends it with kCancelled. False where it is too late: its grant has gone to its keeper, who
  /// does not let go of it, and `done` says how that ends.
  bool cancel();

 private:
  void send_to_browser();
  Result<std::string> prepare_wait();
  void redeem(const AuthorizationCode& code);
  void take_tokens(const HttpAnswer& answer);
  void finish(Result<SignedIn> result);

  Ports ports_;
  SignInRequest request_;
  SignInTalk talk_;
  Done<SignedIn> done_;
  std::unique_ptr<Preparation> preparation_;
  Prepared prepared_;
  oauth::Pkce pkce_;
  std::unique_ptr<RedirectWait> wait_;
  std::string redirect_uri_;
  std::string nonce_;  ///< Empty where no id_token is asked for.
  Call current_;
  std::unique_ptr<Adoption> adoption_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace mail_oauth::signin
