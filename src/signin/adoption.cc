// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/adoption.h"

#include <utility>

#include "base/i18n.h"
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

Adoption::Adoption(Ports ports, const Prepared& prepared, const SignInRequest& request,
                   ConfirmIdentity confirm, Done<SignedIn> done)
    : ports_(ports),
      prepared_(prepared),
      request_(request),
      confirm_(std::move(confirm)),
      done_(std::move(done)) {}

void Adoption::take(const HttpAnswer& answer, const std::string& nonce) {
  received_at_ = ports_.clock.uptime();
  auto tokens = sign_in_tokens(prepared_.provider, answer);
  if (!tokens) return finish(tokens.error());
  tokens_ = *std::move(tokens);
  if (tokens_.scope.empty()) tokens_.scope = prepared_.scope;  // RFC 6749 section 5.1
  const Provider& provider = prepared_.provider;
  const oauth::IdTokenRules rules{prepared_.client.key.client, provider.endpoints.issuer, nonce,
                                  time_there(answer, ports_.clock.now())};
  auto person = signed_in_person(provider, rules, tokens_, request_.address);
  if (!person) return finish(person.error());
  person_ = *std::move(person);
  check_identity();
}

// A user principal name often differs from the mail address, so the person decides.
void Adoption::check_identity() {
  const GrantKey asked = grant_key(prepared_.client.key, request_.address);
  if (grant_key(prepared_.client.key, person_.name) == asked) return adopt();
  if (!confirm_) return decline();
  const std::weak_ptr<int> alive = alive_;
  const ConfirmIdentity confirm = confirm_;  // which may destroy this
  const std::string name = person_.name;
  confirm(request_.address, name, [this, alive](bool accepted) {
    if (alive.expired() || !done_) return;
    current_ = when_idle([this, accepted] {
      if (accepted) return adopt();
      decline();
    });
  });
}

// Nobody keeps these tokens, so the provider may forget them too; but not where that would end the
// person's sign-ins in other places, the one in our own store among them.
void Adoption::decline() {
  const Error error = make_error(
      Error::Kind::kCancelled,
      format(_("{} signed in instead of {}. Nothing was kept."), {person_.name, request_.address}),
      "other-person");
  if (prepared_.provider.revocation_ends_other_devices) return finish(error);
  current_ = revoke(ports_.http, prepared_.provider, prepared_.client, tokens_.refresh_token,
                    [this, error](Result<void>) { finish(error); });
}

void Adoption::adopt() {
  const Provider& provider = prepared_.provider;
  auto missing = oauth::missing_protocols(provider, request_.protocols, tokens_.scope);
  if (missing.size() == request_.protocols.size()) {
    return finish(make_error(
        Error::Kind::kRefused,
        format(_("{} granted none of what was asked for: {}."), {provider.name, titles(missing)})));
  }
  // What the person took to answer is gone from the token's life.
  const WallTime received = ports_.clock.now() - (ports_.clock.uptime() - received_at_);
  Grant grant = make_grant(provider, prepared_.client, person_, std::move(tokens_), received);
  const SignedIn signed_in{grant.key, std::move(missing)};
  handed_over_ = true;
  current_ = ports_.keeper.adopt(std::move(grant), [this, signed_in](Result<void> kept) {
    if (!kept) return finish(kept.error());
    finish(signed_in);
  });
}

void Adoption::finish(Result<SignedIn> result) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));  // may destroy this
}

}  // namespace mail_oauth::signin
