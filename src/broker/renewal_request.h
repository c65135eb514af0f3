// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a renewal asks for, from whom, and the words for when it may not ask. Pure; any thread.
#pragma once

#include <string>

#include "oauth/grant.h"
#include "oauth/provider.h"

namespace mail_oauth {

/// The provider's mail scopes that `granted` serves (all, when the grant does not say), then its
/// `always` scopes, in the manifest's spelling: some providers want full scopes on every request.
std::string renewal_scope(const Provider& provider, const std::string& granted);

/// Whether the manifest still means the server that gave the grant: its token endpoint, or its
/// issuer where it names no endpoint. Else a changed file could redirect a refresh token.
bool same_authority(const Provider& provider, const Grant& grant);

Error authority_changed(const Provider& provider);
Error no_client_secret(const Provider& provider);
Error not_signed_in(const GrantKey& key);
Error not_covered(const GrantKey& key, Protocol protocol);

}  // namespace mail_oauth
