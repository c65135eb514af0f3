// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/loss.h"

#include <algorithm>

#include "base/i18n.h"
#include "oauth/grant_filter.h"

namespace mail_oauth {

Error sign_in_lost(const Loss& loss) {
  const GrantKey& key = loss.key;
  if (loss.at_end == AtEnd::kMayBeLost) {
    return make_error(
        Error::Kind::kTransient,
        format(_("The provider was asked to renew the sign-in of {}, and its answer did not come "
                 "in time. The provider may have ended the sign-in. If your mail asks you to sign "
                 "in, sign in again: mail-oauth login {}"),
               {described(key), key.identity}));
  }
  return make_error(
      Error::Kind::kStorage,
      format(_("The renewed sign-in of {} could not be stored and is lost. Sign in again: "
               "mail-oauth login {}"),
             {described(key), key.identity}));
}

Error sign_ins_lost(std::vector<Loss> losses) {
  std::stable_partition(losses.begin(), losses.end(),
                        [](const Loss& one) { return one.at_end == AtEnd::kLost; });
  Error error = sign_in_lost(losses.front());
  for (std::size_t i = 1; i < losses.size(); ++i) error.what += "\n" + sign_in_lost(losses[i]).what;
  return error;
}

}  // namespace mail_oauth
