// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/redemption.h"

#include <utility>

#include "base/i18n.h"
#include "oauth/id_token.h"

namespace mail_oauth::signin {

Result<oauth::Tokens> sign_in_tokens(const Provider& provider, const HttpAnswer& answer) {
  auto tokens = oauth::parse_tokens(answer.status, answer.body.reveal());
  if (tokens && tokens->refresh_token.empty()) {
    return make_error(
        Error::Kind::kProtocol,
        format(_("{} gave no refresh token, so the sign-in would end within the hour. "
                 "The scopes in {} have to ask for one (often: offline_access)."),
               {provider.name, provider.file}),
        "no-refresh-token");
  }
  return tokens;
}

Result<std::string> signed_in_identity(const Provider& provider, const std::string& client_id,
                                       const oauth::Tokens& tokens, const std::string& asked) {
  if (tokens.id_token.empty() || provider.identity_claims.empty()) return asked;
  return oauth::identity_of(tokens.id_token.reveal(), client_id, provider.identity_claims);
}

Grant make_grant(const Provider& provider, const ClientKey& client, const std::string& identity,
                 oauth::Tokens tokens, WallTime now) {
  Grant grant;
  grant.key = grant_key(client, identity);
  grant.refresh_token = std::move(tokens.refresh_token);
  grant.access_token = std::move(tokens.access_token);
  grant.expires_at = now + tokens.expires_in;
  grant.received_at = now;
  grant.scope = std::move(tokens.scope);
  grant.token_endpoint = provider.endpoints.token;
  grant.issuer = provider.endpoints.issuer;
  return grant;
}

HttpRequest form_post(const std::string& endpoint, Secret body) {
  HttpRequest request;
  request.method = HttpRequest::Method::kPost;
  request.url = endpoint;
  request.body = std::move(body);
  return request;
}

}  // namespace mail_oauth::signin
