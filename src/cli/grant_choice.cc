// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grant_choice.h"

#include <algorithm>

#include "base/i18n.h"

namespace mail_oauth::cli {

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

Result<GrantKey> choose_grant(const std::vector<GrantKey>& grants, const GrantFilter& filter,
                              Error::Kind none) {
  const auto found = fitting(grants, filter);
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    return make_error(none, format(_("Nobody is signed in as {}. Sign in: mail-oauth login {}"),
                                   {filter.address, filter.address}));
  }
  std::string what =
      format(_("Several sign-ins fit {}. Choose with --provider, --client or --tenant:"),
             {filter.address});
  for (const GrantKey& key : found) what += "\n  " + described(key);
  return make_error(Error::Kind::kConfig, what);
}

std::string described(const GrantKey& key) {
  std::string text = format(_("{} (provider {}, client {}"),
                            {key.identity, key.client.provider, key.client.client});
  if (!key.client.tenant.empty()) text += format(_(", tenant {}"), {key.client.tenant});
  return text + ")";
}

}  // namespace mail_oauth::cli
