// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grant_choice.h"

#include <algorithm>

#include "base/i18n.h"

namespace mail_oauth::cli {

namespace {

bool says(const std::string& wish, const std::string& value) {
  return wish.empty() || wish == value;
}

std::string listed(const std::vector<GrantKey>& grants) {
  std::string lines;
  for (const GrantKey& key : grants) lines += "\n  " + described(key);
  return lines;
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
  if (found.size() > 1) {
    return make_error(
        Error::Kind::kConfig,
        format(_("Several sign-ins fit {}. Choose with --provider, --client or --tenant:"),
               {filter.address}) +
            listed(found));
  }
  const auto others = fitting(grants, {filter.address, "", "", ""});
  if (!others.empty()) {
    return make_error(
        none, format(_("{} is signed in, but not with this --provider, --client or --tenant:"),
                     {filter.address}) +
                  listed(others));
  }
  return make_error(none, format(_("Nobody is signed in as {1}. Who is: mail-oauth list. To sign "
                                   "in: mail-oauth login {1}"),
                                 {filter.address}));
}

std::string described(const GrantKey& key) {
  std::string text = format(_("{} (provider {}, client {}"),
                            {key.identity, key.client.provider, key.client.client});
  if (!key.client.tenant.empty()) text += format(_(", tenant {}"), {key.client.tenant});
  return text + ")";
}

}  // namespace mail_oauth::cli
