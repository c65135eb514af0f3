// SPDX-License-Identifier: GPL-3.0-or-later
//
// What token endpoints answer (RFC 6749 sections 5.1 and 5.2), with the deviations that real ones
// show. Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "oauth/protocol.h"
#include "oauth/provider.h"

namespace mail_oauth::oauth {

struct Tokens {
  AccessToken access_token;
  RefreshToken refresh_token;             ///< Empty when the answer had none.
  Secret id_token;                        ///< Empty when the answer had none.
  std::chrono::seconds expires_in{3600};  ///< An hour when the answer did not say.
  std::string scope;                      ///< Empty: as asked (section 5.1).
};

/// Reads a whole answer of the token endpoint.
///
/// 2xx with tokens: the tokens; `expires_in` may be a number or a string, capped at ten years, and
/// an hour when it is not above zero; `token_type` has any case and may be missing; null counts as
/// absent. kProtocol: HTML, a form, an empty body, no access token, a token type other than Bearer,
/// control characters in a token. Otherwise as classify_error.
Result<Tokens> parse_tokens(int status, std::string_view body);

/// The same of the answer to a refresh token, where more is at stake: a `scope` or `id_token` that
/// cannot be read counts as absent.
Result<Tokens> parse_renewal(int status, std::string_view body);

/// The refresh token of an answer that parse_renewal() fails with, for the one that was sent may
/// have ended: of a 2xx only, whatever else is wrong with it. Of repeated ones the last. Empty:
/// none can be read.
RefreshToken refresh_token_of(int status, std::string_view body);

/// The error of a token endpoint, by its `error` field and status, never by numbers in its text.
///
/// kReauthorize: invalid_grant, interaction_required, consent_required, login_required, and
/// INVALID_REFRESH_TOKEN, as one provider says it. kTransient: what means_later() says,
/// temporarily_unavailable, server_error. kConfig: invalid_client, unauthorized_client,
/// invalid_scope, unsupported_grant_type, invalid_request. kRefused: access_denied and codes that
/// we do not know. kProtocol: no error field in another 4xx. What means_later() is kTransient
/// whatever else it says. Keeps the provider's words, code and correlation id as base/peer_text.h
/// lets them pass.
Error classify_error(int status, std::string_view body);

/// Whether a status by itself says "ask again later": 408, 425 and 429 (RFC 9110 section 15.5.9,
/// RFC 8470, RFC 6585) and 5xx.
bool means_later(int status);

/// Whether `granted` serves the protocol: empty means as asked; compared without case and, for
/// https scopes with a path, without the host, as mail scopes are repeated in other spellings.
/// False for a protocol that the provider has no scopes for.
bool scope_serves(const Provider& provider, Protocol protocol, std::string_view granted);

/// The protocols of `wanted` that `granted` does not serve.
std::vector<Protocol> missing_protocols(const Provider& provider,
                                        const std::vector<Protocol>& wanted,
                                        std::string_view granted);

}  // namespace mail_oauth::oauth
