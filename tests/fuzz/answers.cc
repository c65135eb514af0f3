// SPDX-License-Identifier: GPL-3.0-or-later
//
// What authorization servers answer, over the web.
#include <algorithm>
#include <array>

#include "codec/base64url.h"
#include "fuzz/targets.h"
#include "oauth/device_authorization.h"
#include "oauth/id_token.h"
#include "oauth/metadata.h"
#include "oauth/retry_after.h"
#include "oauth/token_answer.h"

namespace mail_oauth::fuzz {

namespace {

constexpr std::chrono::seconds kTenYears{316'224'000};

/// The first byte chooses: digits, so that seeds can be read.
int status_of(std::string_view& bytes) {
  static constexpr std::array<int, 10> kStatus = {0, 100, 200, 302, 400, 401, 429, 500, 503, 999};
  return kStatus[take_byte(bytes) % kStatus.size()];
}

bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// What a browser may be shown: unlike an endpoint, it may have a fragment.
bool for_a_browser(std::string_view address) {
  return oauth::acceptable_endpoint(address.substr(0, address.find('#')));
}

}  // namespace

void token_answer(std::string_view bytes) {
  const int status = status_of(bytes);
  const auto tokens = oauth::parse_tokens(status, bytes);
  if (!tokens) {
    promise_fit(tokens.error());
    const bool later = status == 429 || (status >= 500 && status < 600);
    promise(!later || tokens.error().kind == Error::Kind::kTransient, "429 and 5xx are transient");
    return;
  }
  promise(status >= 200 && status < 300, "tokens come with success only");
  promise(!tokens->access_token.empty(), "there is an access token");
  promise(!holds_control(tokens->access_token.reveal()), "a token ends no line");
  promise(!holds_control(tokens->refresh_token.reveal()), "a refresh token ends no line");
  promise(tokens->expires_in.count() > 0 && tokens->expires_in <= kTenYears, "a sane lifetime");
}

void device_answer(std::string_view bytes) {
  const int status = status_of(bytes);
  const auto answer = oauth::parse_device_authorization(status, bytes);
  if (!answer) return promise_fit(answer.error());
  promise(fit_to_show(answer->user_code), "a user code is fit to be shown");
  promise(for_a_browser(answer->verification_uri), "an address to be opened");
  promise(
      answer->verification_uri_complete.empty() || for_a_browser(answer->verification_uri_complete),
      "a whole address to be opened");
  promise(fit_to_show(answer->verification_uri), "an address is fit to be shown");
  promise(fit_to_show(answer->verification_uri_complete), "so is a whole one");
  promise(answer->interval.count() > 0, "no polling without a pause");
  promise(answer->expires_in <= std::chrono::hours(24), "a day at most");
}

void metadata(std::string_view bytes) {
  const auto read = oauth::parse_metadata(bytes, "https://login.example.com");
  if (!read) return promise_fit(read.error());
  promise(oauth::acceptable_endpoint(read->endpoints.token), "tokens go to an acceptable place");
  promise(oauth::acceptable_endpoint(read->endpoints.authorization), "so does the browser");
}

void id_token(std::string_view bytes) {
  std::string token(bytes);
  // What lies inside is reached by bytes that need no encoding.
  if (!bytes.empty() && bytes.front() == '{') token = "e30." + base64url(bytes) + ".c2ln";
  Provider provider;
  provider.identity_claims = {"preferred_username", "email", "upn"};
  Grant grant;
  grant.key = grant_key({"p", "client", ""}, "alice@example.com");
  grant.issuer = "https://login.example.com";
  if (const auto same = oauth::same_person(token, provider, grant); !same)
    promise_fit(same.error());
  promise(!holds_control(grant.subject), "a subject ends no line");

  const WallTime now(std::chrono::seconds(1'700'000'000));
  const oauth::IdTokenRules strict{"client", "https://login.example.com", "nonce", now};
  if (const auto person = oauth::person_of(token, strict, provider.identity_claims); !person) {
    promise_fit(person.error());
  }
  const auto person = oauth::person_of(token, {"client", "", "", now}, provider.identity_claims);
  if (!person) return promise_fit(person.error());
  promise(!person->name.empty() && person->name.size() <= 512, "a name of some length");
  promise(!holds_control(person->name), "a name ends no line");
}

void retry_after(std::string_view bytes) {
  const auto wish = oauth::retry_after(bytes, WallTime(std::chrono::seconds(1'700'000'000)));
  promise(!wish || wish->count() >= 0, "nobody waits for the past");
}

}  // namespace mail_oauth::fuzz
