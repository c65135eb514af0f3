// SPDX-License-Identifier: GPL-3.0-or-later
//
// One change of a grant in the store by sign-in, sign-out or a repeated try to save, under the same
// lock as renewals. Belongs to the broker's thread; destroying it cancels and frees the lock.
#pragma once

#include <optional>

#include "broker/broker.h"
#include "broker/lock_file.h"

namespace mail_oauth {

struct Broker::Keeping {
  GrantKey key;
  std::optional<Grant> grant;  ///< The new one, for an adoption.
  std::optional<LockFile> lock;
  Call step;
  Call limit;
};

}  // namespace mail_oauth
