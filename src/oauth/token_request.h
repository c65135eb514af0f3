// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bodies of requests to the token and revocation endpoints (RFC 6749 sections 4.1.3 and 6, RFC
// 7009), application/x-www-form-urlencoded with every value encoded. Pure; any thread.
//
// A client secret travels in the body (section 2.3.1), never in the address.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "oauth/client.h"
#include "oauth/provider.h"

namespace mail_oauth::oauth {

struct Redemption {
  const AuthorizationCode& code;
  const CodeVerifier& verifier;
  std::string redirect_uri;  ///< Byte for byte as in the authorization request.
  std::string scope;         ///< Full resource scopes: some providers want them here too.
};

/// `more`: Provider::token_parameters.
Secret redemption_body(const Client& client, const Redemption& redemption,
                       const Parameters& more = {});
Secret refresh_body(const Client& client, const RefreshToken& token, std::string_view scope,
                    const Parameters& more = {});
Secret revocation_body(const Client& client, const RefreshToken& token);

}  // namespace mail_oauth::oauth
