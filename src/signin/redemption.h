// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a token endpoint gave for an authorization code, turned into a grant. Pure; any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "oauth/client.h"
#include "oauth/grant.h"
#include "oauth/id_token.h"
#include "oauth/provider.h"
#include "oauth/token_answer.h"
#include "ports/http_client.h"

namespace mail_oauth::signin {

/// The tokens of a sign-in. Fails as oauth::parse_tokens, and with kProtocol when there is no
/// refresh token: the sign-in would be over within the hour.
Result<oauth::Tokens> sign_in_tokens(const Provider& provider, const HttpAnswer& answer);

/// Who signed in: from the id_token, or `asked` when the provider sent none, or none that names
/// anybody. Fails as oauth::person_of.
Result<oauth::Person> signed_in_person(const Provider& provider, const oauth::IdTokenRules& rules,
                                       const oauth::Tokens& tokens, const std::string& asked);

/// The clock of whoever answered, else ours: a clock that is set wrong must cost no sign-in.
WallTime time_there(const HttpAnswer& answer, WallTime now);

/// The grant of `person`; takes the tokens over.
Grant make_grant(const Provider& provider, const Client& client, const oauth::Person& person,
                 oauth::Tokens tokens, WallTime now);

}  // namespace mail_oauth::signin
