// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which grant an address means. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "oauth/grant.h"

namespace mail_oauth::cli {

/// What the options say; empty members say nothing.
struct GrantFilter {
  std::string address;
  std::string provider;
  std::string client;
  std::string tenant;
};

std::vector<GrantKey> fitting(const std::vector<GrantKey>& grants, const GrantFilter& filter);

/// The one that fits. `none` is the kind for no grant at all (the text says how to sign in);
/// kConfig with the list when several fit.
Result<GrantKey> choose_grant(const std::vector<GrantKey>& grants, const GrantFilter& filter,
                              Error::Kind none);

/// "alice@example.com (provider p, client c, tenant t)".
std::string described(const GrantKey& key);

}  // namespace mail_oauth::cli
