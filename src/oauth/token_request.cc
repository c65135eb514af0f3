// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/token_request.h"

#include <algorithm>
#include <array>
#include <string>

#include "codec/form.h"
#include "crypto/digest.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::array<std::string_view, 11> kOurs = {
    "client_id",    "client_secret", "code",  "code_verifier", "device_code",    "grant_type",
    "redirect_uri", "refresh_token", "scope", "token",         "token_type_hint"};

bool in_header(const Client& client) { return client.basic && !client.secret.empty(); }

void add_client(FormBody& form, const Client& client) {
  // RFC 6749 section 2.3: not more than one way to authenticate in a request.
  if (in_header(client)) return;
  form.add("client_id", client.key.client);
  // A public client must not send an empty one: some providers refuse it.
  if (!client.secret.empty()) form.add("client_secret", client.secret.reveal());
}

void add_all(FormBody& form, const Parameters& more) {
  for (const auto& [name, value] : more) {
    if (std::find(kOurs.begin(), kOurs.end(), name) == kOurs.end()) form.add(name, value);
  }
}

}  // namespace

Secret redemption_body(const Client& client, const Redemption& redemption, const Parameters& more) {
  FormBody form;
  form.add("grant_type", "authorization_code")
      .add("code", redemption.code.reveal())
      .add("redirect_uri", redemption.redirect_uri)
      .add("code_verifier", redemption.verifier.reveal());
  add_client(form, client);
  if (!redemption.scope.empty()) form.add("scope", redemption.scope);
  add_all(form, more);
  return form.take();
}

Secret refresh_body(const Client& client, const RefreshToken& token, std::string_view scope,
                    const Parameters& more) {
  FormBody form;
  form.add("grant_type", "refresh_token").add("refresh_token", token.reveal());
  add_client(form, client);
  if (!scope.empty()) form.add("scope", scope);
  add_all(form, more);
  return form.take();
}

Secret device_authorization_body(const Client& client, std::string_view scope,
                                 const Parameters& more) {
  FormBody form;
  add_client(form, client);
  if (!scope.empty()) form.add("scope", scope);
  add_all(form, more);
  return form.take();
}

Secret device_poll_body(const Client& client, const DeviceCode& code, const Parameters& more) {
  FormBody form;
  form.add("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
      .add("device_code", code.reveal());
  add_client(form, client);
  add_all(form, more);
  return form.take();
}

Secret revocation_body(const Client& client, const RefreshToken& token) {
  FormBody form;
  form.add("token", token.reveal()).add("token_type_hint", "refresh_token");
  add_client(form, client);
  return form.take();
}

Secret authorization_header(const Client& client) {
  if (!in_header(client)) return {};
  FormBody form;  // for its encoding, which RFC 6749 section 2.3.1 wants of both
  form.add(client.key.client, client.secret.reveal());
  Secret pair = form.take();
  pair.writable()[percent_encoded(client.key.client).size()] = ':';
  const auto encoded = crypto::base64(pair.reveal());
  return encoded ? Secret::join("Basic ", encoded->reveal()) : Secret();
}

}  // namespace mail_oauth::oauth
