// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which grant an address means. Pure; any thread.
#pragma once

#include <vector>

#include "base/result.h"
#include "oauth/grant_filter.h"

namespace mail_oauth::cli {

/// The one that fits. `none` is the kind for no grant at all (the text says how to sign in);
/// kConfig with the list when several fit.
Result<GrantKey> choose_grant(const std::vector<GrantKey>& grants, const GrantFilter& filter,
                              Error::Kind none);

}  // namespace mail_oauth::cli
