// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/redemption.h"

#include <utility>

#include "base/i18n.h"
#include "oauth/retry_after.h"

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

Result<oauth::Person> signed_in_person(const Provider& provider, const oauth::IdTokenRules& rules,
                                       const oauth::Tokens& tokens, const std::string& asked) {
  if (tokens.id_token.empty() || provider.identity_claims.empty()) return oauth::Person{asked, ""};
  return oauth::person_of(tokens.id_token.reveal(), rules, provider.identity_claims);
}

WallTime time_there(const HttpAnswer& answer, WallTime now) {
  const auto date = answer.headers.find("date");
  return date == answer.headers.end() ? now : oauth::http_date(date->second).value_or(now);
}

Grant make_grant(const Provider& provider, const Client& client, const oauth::Person& person,
                 oauth::Tokens tokens, WallTime now) {
  Grant grant;
  grant.key = grant_key(client.key, person.name);
  grant.subject = person.subject;
  grant.client_secret_basic = client.basic;
  grant.revocation_endpoint = provider.endpoints.revocation;
  grant.refresh_token = std::move(tokens.refresh_token);
  grant.access_token = std::move(tokens.access_token);
  grant.expires_at = now + tokens.expires_in;
  grant.received_at = now;
  grant.scope = std::move(tokens.scope);
  grant.token_endpoint = provider.endpoints.token;
  grant.issuer = provider.endpoints.issuer;
  return grant;
}

}  // namespace mail_oauth::signin
