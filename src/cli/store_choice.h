// SPDX-License-Identifier: GPL-3.0-or-later
//
// --store: where a sign-in is to be kept. Main thread.
#pragma once

#include <vector>

#include "cli/options.h"
#include "cli/session.h"

namespace mail_oauth::cli {

/// --store, --store-read, --store-write and --store-remove.
std::vector<Option> store_options();

/// Sets the session's stores as the options say; without --store as `before`, the grant that may be
/// there already, is kept. An empty identity stands for no grant.
///
/// kConfig: options that do not go together, or commands that cannot be. kStorage: no home, or the
/// commands of `before` cannot be read.
Result<void> choose_store(const Arguments& arguments, const GrantKey& before, Session& session);

}  // namespace mail_oauth::cli
