// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/renewal_request.h"

#include <vector>

#include "base/i18n.h"
#include "oauth/authorization.h"
#include "oauth/token_answer.h"

namespace mail_oauth {

std::string renewal_scope(const Provider& provider, const std::string& granted) {
  std::vector<Protocol> served;
  for (const auto& entry : provider.scopes.mail) {
    if (oauth::scope_serves(provider, entry.first, granted)) served.push_back(entry.first);
  }
  if (served.empty()) return granted;
  Provider mail_only = provider;
  mail_only.scopes.identity.clear();
  const auto scope = oauth::requested_scope(mail_only, served);
  return scope ? *scope : granted;
}

bool same_authority(const Provider& provider, const Grant& grant) {
  if (!provider.needs_metadata()) return provider.endpoints.token == grant.token_endpoint;
  return oauth::issuer_matches(provider.endpoints.issuer, grant.issuer);
}

Error authority_changed(const Provider& provider) {
  return make_error(Error::Kind::kReauthorize,
                    format(_("The manifest's token endpoint changed ({}). Sign in again if that is "
                             "as it should be."),
                           {provider.file.empty() ? provider.id : provider.file}),
                    "endpoint-changed");
}

Error no_client_secret(const Provider& provider) {
  return make_error(Error::Kind::kConfig,
                    format(_("{} wants a client secret and none is stored. Set it with: mail-oauth "
                             "client set {} --secret-stdin"),
                           {provider.name, provider.id}),
                    "no-client-secret");
}

Error not_signed_in(const GrantKey& key) {
  return make_error(
      Error::Kind::kReauthorize,
      format(_("{} is not signed in with {}. Sign in first."), {key.identity, key.client.provider}),
      "no-grant");
}

Error not_covered(const GrantKey& key, Protocol protocol) {
  return make_error(Error::Kind::kRefused,
                    format(_("The sign-in of {} does not cover {}: the provider did not grant it."),
                           {key.identity, std::string(protocol_title(protocol))}),
                    "scope");
}

}  // namespace mail_oauth
