// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which registered application signs in: what the caller named, else what the manifest has.
// Everybody who makes a GrantKey goes through here, so that all find the same grant. Pure; any
// thread.
#pragma once

#include <string>

#include "base/result.h"
#include "oauth/grant.h"
#include "oauth/provider.h"

namespace mail_oauth::signin {

/// Empty arguments mean the manifest's. kConfig when there is no client id: the text says how to
/// set one and where to get it.
Result<ClientKey> chosen_client(const Provider& provider, const std::string& client_id,
                                const std::string& tenant);

/// kConfig: the provider wants a client secret and none is stored. The text says how to set it.
Error missing_client_secret(const ClientKey& client);

}  // namespace mail_oauth::signin
