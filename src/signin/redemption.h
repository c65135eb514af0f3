// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a token endpoint gave for an authorization code, turned into a grant. Pure; any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "oauth/client.h"
#include "oauth/grant.h"
#include "oauth/provider.h"
#include "oauth/token_answer.h"
#include "ports/http_client.h"

namespace mail_oauth::signin {

/// The tokens of a sign-in. Fails as oauth::parse_tokens, and with kProtocol when there is no
/// refresh token: the sign-in would be over within the hour.
Result<oauth::Tokens> sign_in_tokens(const Provider& provider, const HttpAnswer& answer);

/// Who signed in: from the id_token, or `asked` when the provider sent none. Fails as
/// oauth::identity_of.
Result<std::string> signed_in_identity(const Provider& provider, const std::string& client_id,
                                       const oauth::Tokens& tokens, const std::string& asked);

/// The grant of `identity`; takes the tokens over.
Grant make_grant(const Provider& provider, const ClientKey& client, const std::string& identity,
                 oauth::Tokens tokens, WallTime now);

/// A POST to `endpoint`, with the time that token endpoints get.
HttpRequest form_post(const std::string& endpoint, Secret body);

}  // namespace mail_oauth::signin
