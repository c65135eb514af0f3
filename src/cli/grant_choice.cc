// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grant_choice.h"

#include "base/i18n.h"

namespace mail_oauth::cli {

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

}  // namespace mail_oauth::cli
