// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells a provider that a refresh token is no longer wanted (RFC 7009). One thread's GMainContext.
#pragma once

#include "oauth/client.h"
#include "oauth/provider.h"
#include "ports/http_client.h"

namespace mail_oauth::signin {

/// REQUIRES: metadata filled in. Borrows only `http`.
///
/// kConfig: the provider has no such endpoint. Else what the endpoint said; a token that it does
/// not know counts as revoked (section 2.2).
Call revoke(HttpClient& http, const Provider& provider, const Client& client,
            const RefreshToken& token, Done<void> done);

}  // namespace mail_oauth::signin
