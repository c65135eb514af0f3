// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bodies of requests to the token, device authorization and revocation endpoints (RFC 6749 sections
// 4.1.3 and 6, RFC 8628 sections 3.1 and 3.4, RFC 7009), application/x-www-form-urlencoded with
// every value encoded. Pure; any thread.
//
// A client secret travels in the body or, where the client says so, in a header (section 2.3.1),
// never in the address.
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

/// `more`: Provider::token_parameters. What is ours is not replaced by them, nor said twice.
Secret redemption_body(const Client& client, const Redemption& redemption,
                       const Parameters& more = {});
Secret refresh_body(const Client& client, const RefreshToken& token, std::string_view scope,
                    const Parameters& more = {});
/// Client, full resource scopes, and what is more.
Secret device_authorization_body(const Client& client, std::string_view scope,
                                 const Parameters& more = {});
Secret device_poll_body(const Client& client, const DeviceCode& code, const Parameters& more = {});
Secret revocation_body(const Client& client, const RefreshToken& token);

/// The value of the header Authorization that goes with each of these; empty: none.
Secret authorization_header(const Client& client);

}  // namespace mail_oauth::oauth
