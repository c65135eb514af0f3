// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiting for an answer on a thread that runs no loop, such as libetpan's.
#pragma once

#include <chrono>
#include <vector>

#include "ports/token_source.h"
#include "ports/token_store.h"

namespace mail_oauth {

/// Blocks the calling thread, never longer than `limit`, running a private context meanwhile. Not
/// for the thread that the source itself lives on, nor for a host's main thread. kTransient: no
/// answer within `limit`; else as TokenSource::token.
Result<AccessToken> wait_for_token(TokenSource& source, const GrantKey& key, Protocol protocol,
                                   std::chrono::milliseconds limit);

/// The same for everybody who is signed in. kTransient: no answer within `limit`; else as
/// TokenStore::list.
Result<std::vector<GrantKey>> wait_for_grants(TokenStore& store, std::chrono::milliseconds limit);

}  // namespace mail_oauth
