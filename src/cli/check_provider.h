// SPDX-License-Identifier: GPL-3.0-or-later
//
// The links of `check` that lie before the mail servers: the way to the authorization server, what
// it says of the client, and the grant. Main thread.
#pragma once

#include "cli/check_walk.h"

namespace mail_oauth::cli {

/// Of all links that are walked here.
std::vector<const char*> provider_titles();

/// DNS, TLS, clock, metadata, client: what can be known without anybody signed in. Sends no token
/// and no code of anybody. Fills in the provider's endpoints. `client`: or why there is none.
///
/// False: Ctrl-C.
bool walk_authorization_server(Session& session, CheckReport& report, Provider& provider,
                               const Result<ClientKey>& client);

/// Renewal, permissions, identity. Renews only a token that is not fresh: a refresh token that need
/// not be sent is not sent. REQUIRES: somebody is signed in.
///
/// False: Ctrl-C.
bool walk_grant(Session& session, CheckReport& report, const CheckSubject& subject);

}  // namespace mail_oauth::cli
