// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who signed in, read from the id_token (OpenID Connect Core 1.0 section 2).
//
// The signature is not checked: the token came straight from the token endpoint over TLS (section
// 3.1.3.7, point 6), and nothing but a name for the person is taken from it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mail_oauth::oauth {

/// The first of `claims` that is a string of 1 to 512 bytes without control characters. Fails with
/// kProtocol when the token is not a JWT with a JSON object inside, or has none of the claims, or
/// its `aud` does not contain `client_id`.
Result<std::string> identity_of(std::string_view id_token, std::string_view client_id,
                                const std::vector<std::string>& claims);

}  // namespace mail_oauth::oauth
