// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which grants an address and what is said beside it mean. Pure; any thread.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "oauth/grant.h"

namespace mail_oauth {

/// What somebody asked for; empty members say nothing.
struct GrantFilter {
  std::string address;  ///< In any case.
  std::string provider;
  std::string client;
  std::string tenant;

  bool operator<(const GrantFilter& other) const {
    return std::tie(address, provider, client, tenant) <
           std::tie(other.address, other.provider, other.client, other.tenant);
  }
};

/// Those that fit, sorted.
std::vector<GrantKey> fitting(const std::vector<GrantKey>& grants, const GrantFilter& filter);

/// "alice@example.com (provider p, client c, tenant t)".
std::string described(const GrantKey& key);

/// One line for each, each begun by a newline and indented.
std::string listed(const std::vector<GrantKey>& grants);

}  // namespace mail_oauth
