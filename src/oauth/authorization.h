// SPDX-License-Identifier: GPL-3.0-or-later
//
// The authorization request and the redirect that answers it (RFC 6749 section 4.1, RFC 9207).
//
// Pure: no sockets, no browser. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "oauth/client.h"
#include "oauth/provider.h"

namespace mail_oauth::oauth {

/// REQUIRES: the provider has an authorization endpoint, tenant filled in.
struct AuthorizationRequest {
  const Provider& provider;
  const ClientKey& client;
  std::vector<Protocol> protocols;  ///< Whose scopes are asked for.
  std::string redirect_uri;
  std::string state;
  std::string challenge;   ///< PKCE S256.
  std::string login_hint;  ///< The identity; may be empty.
  std::string nonce{};     ///< To come back in the id_token; empty: none is asked for.
};

/// The scopes of `protocols`, then `always`, then `identity`, each once, separated by spaces. Fails
/// with kConfig when the provider has none for one of the protocols: the text names it.
Result<std::string> requested_scope(const Provider& provider,
                                    const std::vector<Protocol>& protocols);

/// The address for the browser, every value encoded. Fails like requested_scope. The manifest's
/// extra parameters cannot replace one of ours.
Result<std::string> authorization_url(const AuthorizationRequest& request);

/// What the redirect has to match.
struct ExpectedRedirect {
  std::string state;
  std::string issuer;  ///< Empty: not known. May hold "{tenantid}".
  Presence iss = Presence::kOptional;
};

/// Reads the query of the redirect (without "?").
///
/// kProtocol: no or a wrong `state`, `iss` missing though required, wrong or repeated parameters,
/// no code. kCancelled: access_denied without more. kRefused: other errors of RFC 6749
/// section 4.1.2.1 that a person or an administrator has to mend. kTransient:
/// temporarily_unavailable, server_error.
Result<AuthorizationCode> parse_redirect(std::string_view query, const ExpectedRedirect& expected);

/// Whether the query carries this `state`, judged in constant time: other requests are not answers.
bool carries_state(std::string_view query, std::string_view state);

/// True when `issuer` is the expected one, "{tenantid}" standing for any GUID; byte for byte else
/// (RFC 9207 section 2.4).
bool issuer_matches(std::string_view expected, std::string_view issuer);

}  // namespace mail_oauth::oauth
