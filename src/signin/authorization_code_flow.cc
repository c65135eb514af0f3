// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/authorization_code_flow.h"

#include <utility>

#include "base/i18n.h"
#include "oauth/token_request.h"
#include "signin/client_choice.h"
#include "signin/redemption.h"
#include "signin/revocation.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

namespace {

std::string titles(const std::vector<Protocol>& protocols) {
  std::string text;
  for (const Protocol protocol : protocols) {
    if (!text.empty()) text += ", ";
    text += protocol_title(protocol);
  }
  return text;
}

}  // namespace

AuthorizationCodeFlow::AuthorizationCodeFlow(Ports ports, SignInRequest request, SignInTalk talk)
    : ports_(ports),
      request_(std::move(request)),
      talk_(std::move(talk)),
      metadata_(ports.http, ports.clock, request_.metadata_folder) {
  client_.key = request_.client;
}

AuthorizationCodeFlow::~AuthorizationCodeFlow() = default;

void AuthorizationCodeFlow::start(Done<SignedIn> done) {
  done_ = std::move(done);
  current_ = when_idle([this] { prepare(); });
}

// What can be wrong without asking anybody, and then the store.
void AuthorizationCodeFlow::prepare() {
  auto provider = for_tenant(request_.provider, request_.client.tenant);
  if (!provider) return finish(provider.error());
  provider_ = *std::move(provider);
  auto scope = oauth::requested_scope(provider_, request_.protocols);
  if (!scope) return finish(scope.error());
  scope_ = *std::move(scope);
  current_ = ports_.store.prove_writable([this](Result<void> proved) {
    if (!proved) return finish(proved.error());
    load_secret();
  });
}

void AuthorizationCodeFlow::load_secret() {
  if (provider_.client_secret == Presence::kForbidden) return complete_provider();
  current_ = ports_.store.load_client_secret(
      client_.key, [this](Result<std::optional<ClientSecret>> secret) {
        if (!secret) return finish(secret.error());
        if (*secret) client_.secret = std::move(**secret);
        if (client_.secret.empty() && provider_.client_secret == Presence::kRequired) {
          return finish(missing_client_secret(client_.key));
        }
        complete_provider();
      });
}

void AuthorizationCodeFlow::complete_provider() {
  current_ = metadata_.complete(provider_, [this](Result<Provider> provider) {
    if (!provider) return finish(provider.error());
    provider_ = *std::move(provider);
    send_to_browser();
  });
}

Result<std::string> AuthorizationCodeFlow::prepare_wait() {
  auto pkce = oauth::new_pkce();
  if (!pkce) return pkce.error();
  pkce_ = *std::move(pkce);
  auto state = oauth::new_state();
  if (!state) return state.error();
  wait_ = std::make_unique<RedirectWait>(ports_.clock, [this](Result<AuthorizationCode> code) {
    if (!code) return finish(code.error());
    redeem(*code);
  });
  oauth::ExpectedRedirect expected;
  expected.state = *state;
  expected.issuer = provider_.endpoints.issuer;
  expected.iss = provider_.iss;
  const auto listening =
      wait_->listen(ports_.listeners, provider_.redirect, std::move(expected), request_.limit);
  if (!listening) return listening.error();
  redirect_uri_ = wait_->redirect_uri();
  oauth::AuthorizationRequest request{provider_, client_.key,     request_.protocols, redirect_uri_,
                                      *state,    pkce_.challenge, request_.address};
  return oauth::authorization_url(request);
}

void AuthorizationCodeFlow::send_to_browser() {
  const auto url = prepare_wait();
  if (!url) return finish(url.error());
  // Either of these may end the flow, or destroy it.
  const std::weak_ptr<int> alive = alive_;
  if (talk_.authorization_url) talk_.authorization_url(*url);
  if (alive.expired() || !wait_) return;
  const auto opened = ports_.browser.open(*url);
  if (!opened && talk_.no_browser) talk_.no_browser(opened.error());
}

Result<void> AuthorizationCodeFlow::paste(std::string_view text) {
  if (wait_ && done_) return wait_->paste(text);
  return make_error(Error::Kind::kConfig, _("There is no sign-in that waits for an address."));
}

void AuthorizationCodeFlow::redeem(const AuthorizationCode& code) {
  const oauth::Redemption redemption{code, pkce_.verifier, redirect_uri_, scope_};
  current_ = ports_.http.send(
      form_post(provider_.endpoints.token, oauth::redemption_body(client_, redemption)),
      [this](Result<HttpAnswer> answer) {
        if (!answer) return finish(answer.error());
        take_tokens(*answer);
      });
}

void AuthorizationCodeFlow::take_tokens(const HttpAnswer& answer) {
  auto tokens = sign_in_tokens(provider_, answer);
  if (!tokens) return finish(tokens.error());
  tokens_ = *std::move(tokens);
  if (tokens_.scope.empty()) tokens_.scope = scope_;  // RFC 6749 section 5.1
  auto identity = signed_in_identity(provider_, client_.key.client, tokens_, request_.address);
  if (!identity) return finish(identity.error());
  check_identity(*std::move(identity));
}

// A user principal name often differs from the mail address, so the person decides.
void AuthorizationCodeFlow::check_identity(std::string identity) {
  const GrantKey asked = grant_key(client_.key, request_.address);
  if (grant_key(client_.key, identity) == asked) return adopt(identity);
  if (!talk_.confirm_identity) return decline(identity);
  const std::weak_ptr<int> alive = alive_;
  talk_.confirm_identity(request_.address, identity, [this, alive, identity](bool accepted) {
    if (alive.expired() || !done_) return;
    current_ = when_idle([this, identity, accepted] {
      if (accepted) return adopt(identity);
      decline(identity);
    });
  });
}

// Nobody keeps these tokens, so the provider may forget them too; but not where that would end the
// person's sign-ins in other places, the one in our own store among them.
void AuthorizationCodeFlow::decline(const std::string& identity) {
  const Error error = make_error(
      Error::Kind::kCancelled,
      format(_("{} signed in instead of {}. Nothing was kept."), {identity, request_.address}));
  if (provider_.revocation_ends_other_devices) return finish(error);
  current_ = revoke(ports_.http, provider_, client_, tokens_.refresh_token,
                    [this, error](Result<void>) { finish(error); });
}

void AuthorizationCodeFlow::adopt(const std::string& identity) {
  auto missing = oauth::missing_protocols(provider_, request_.protocols, tokens_.scope);
  if (missing.size() == request_.protocols.size()) {
    return finish(
        make_error(Error::Kind::kRefused, format(_("{} granted none of what was asked for: {}."),
                                                 {provider_.name, titles(missing)})));
  }
  Grant grant =
      make_grant(provider_, client_.key, identity, std::move(tokens_), ports_.clock.now());
  const SignedIn signed_in{grant.key, std::move(missing)};
  current_ = ports_.keeper.adopt(std::move(grant), [this, signed_in](Result<void> kept) {
    if (!kept) return finish(kept.error());
    finish(signed_in);
  });
}

void AuthorizationCodeFlow::cancel() {
  if (!done_) return;
  wait_.reset();
  finish_later(make_error(Error::Kind::kCancelled, _("The sign-in was cancelled.")));
}

void AuthorizationCodeFlow::finish_later(Error error) {
  current_ = when_idle([this, error] { finish(error); });
}

void AuthorizationCodeFlow::finish(Result<SignedIn> result) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
