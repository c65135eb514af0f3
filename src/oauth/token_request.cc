// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/token_request.h"

#include "codec/form.h"

namespace mail_oauth::oauth {

namespace {

void add_client(FormBody& form, const Client& client) {
  form.add("client_id", client.key.client);
  // A public client must not send an empty one: some providers refuse it.
  if (!client.secret.empty()) form.add("client_secret", client.secret.reveal());
}

void add_all(FormBody& form, const Parameters& more) {
  for (const auto& [name, value] : more) form.add(name, value);
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

Secret revocation_body(const Client& client, const RefreshToken& token) {
  FormBody form;
  form.add("token", token.reveal()).add("token_type_hint", "refresh_token");
  add_client(form, client);
  return form.take();
}

}  // namespace mail_oauth::oauth
