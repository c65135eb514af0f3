// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/authorization_code_flow.h"

#include <utility>

#include "base/i18n.h"
#include "oauth/id_token.h"
#include "oauth/token_request.h"
#include "ports/form_post.h"
#include "signin/redemption.h"
#include "signin/when_idle.h"

namespace mail_oauth::signin {

namespace {

Error pushed_only(const Provider& provider) {
  return make_error(
      Error::Kind::kRefused,
      format(_("{} takes a sign-in with the browser only where the request was pushed to it before "
               "(PAR), which this program does not do. Sign in with a code instead, or ask who "
               "runs it to permit other requests for this client."),
             {provider.name}),
      "pushed-requests");
}

}  // namespace

AuthorizationCodeFlow::AuthorizationCodeFlow(Ports ports, SignInRequest request, SignInTalk talk)
    : ports_(ports),
      request_(std::move(request)),
      talk_(std::move(talk)),
      preparation_(std::make_unique<Preparation>(ports.store, ports.http, ports.clock, request_)) {}

AuthorizationCodeFlow::~AuthorizationCodeFlow() = default;

void AuthorizationCodeFlow::start(Done<SignedIn> done) {
  done_ = std::move(done);
  preparation_->start([this](Result<Prepared> prepared) {
    if (!prepared) return finish(prepared.error());
    prepared_ = *std::move(prepared);
    if (prepared_.provider.wants_pushed_requests) return finish(pushed_only(prepared_.provider));
    send_to_browser();
  });
}

Result<std::string> AuthorizationCodeFlow::prepare_wait() {
  auto pkce = oauth::new_pkce();
  if (!pkce) return pkce.error();
  pkce_ = *std::move(pkce);
  auto state = oauth::new_state();
  if (!state) return state.error();
  if (oauth::asks_for_id_token(prepared_.scope)) {
    auto nonce = oauth::new_state();
    if (!nonce) return nonce.error();
    nonce_ = *std::move(nonce);
  }
  wait_ = std::make_unique<RedirectWait>(ports_.clock, [this](Result<AuthorizationCode> code) {
    if (!code) return finish(code.error());
    redeem(*code);
  });
  const Provider& provider = prepared_.provider;
  oauth::ExpectedRedirect expected;
  expected.state = *state;
  expected.issuer = provider.endpoints.issuer;
  expected.iss = provider.iss;
  const auto listening =
      wait_->listen(ports_.listeners, provider.redirect, std::move(expected), request_.limit);
  if (!listening) return listening.error();
  redirect_uri_ = wait_->redirect_uri();
  oauth::AuthorizationRequest request{
      provider, prepared_.client.key, request_.protocols, redirect_uri_,
      *state,   pkce_.challenge,      request_.address,   nonce_};
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
  const oauth::Redemption redemption{code, pkce_.verifier, redirect_uri_, prepared_.scope};
  current_ = ports_.http.send(
      form_post(prepared_.provider, prepared_.client, prepared_.provider.endpoints.token,
                oauth::redemption_body(prepared_.client, redemption,
                                       prepared_.provider.token_parameters)),
      [this](Result<HttpAnswer> answer) {
        if (!answer) return finish(answer.error());
        take_tokens(*answer);
      });
}

void AuthorizationCodeFlow::take_tokens(const HttpAnswer& answer) {
  adoption_ = std::make_unique<Adoption>(
      Adoption::Ports{ports_.http, ports_.keeper, ports_.clock}, prepared_, request_,
      talk_.confirm_identity, [this](Result<SignedIn> result) { finish(std::move(result)); });
  adoption_->take(answer, nonce_);
}

bool AuthorizationCodeFlow::cancel() {
  if (!done_ || (adoption_ && adoption_->handed_over())) return false;
  preparation_.reset();
  wait_.reset();
  adoption_.reset();
  const Error error = make_error(Error::Kind::kCancelled, _("The sign-in was cancelled."));
  current_ = when_idle([this, error] { finish(error); });
  return true;
}

void AuthorizationCodeFlow::finish(Result<SignedIn> result) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
