// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/grant_filter.h"

#include <algorithm>

#include "base/i18n.h"

namespace mail_oauth {

namespace {

bool says(const std::string& wish, const std::string& value) {
  return wish.empty() || wish == value;
}

}  // namespace

std::vector<GrantKey> fitting(const std::vector<GrantKey>& grants, const GrantFilter& filter) {
  const std::string identity = grant_key({}, filter.address).identity;
  std::vector<GrantKey> found;
  for (const GrantKey& key : grants) {
    if (says(identity, key.identity) && says(filter.provider, key.client.provider) &&
        says(filter.client, key.client.client) && says(filter.tenant, key.client.tenant)) {
      found.push_back(key);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string described(const GrantKey& key) {
  std::string text = format(_("{} (provider {}, client {}"),
                            {key.identity, key.client.provider, key.client.client});
  if (!key.client.tenant.empty()) text += format(_(", tenant {}"), {key.client.tenant});
  return text + ")";
}

std::string listed(const std::vector<GrantKey>& grants) {
  std::string lines;
  for (const GrantKey& key : grants) lines += "\n  " + described(key);
  return lines;
}

}  // namespace mail_oauth
