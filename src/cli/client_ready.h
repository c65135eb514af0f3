// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a request in the name of a client needs: its secret from the store, and the provider's
// endpoints. Main thread, default GMainContext.
#pragma once

#include "cli/session.h"
#include "oauth/client.h"

namespace mail_oauth::cli {

/// The client with its secret, where the provider takes one. kConfig: it wants one, and none is
/// stored; kStorage as the store; kCancelled: Ctrl-C.
Result<Client> client_with_secret(Session& session, const Provider& provider, const ClientKey& key);

/// The provider with what its manifest left open fetched. As signin::MetadataFetcher::complete;
/// kCancelled: Ctrl-C. REQUIRES: the tenant is filled in.
Result<Provider> with_metadata(Session& session, const Provider& provider);

}  // namespace mail_oauth::cli
