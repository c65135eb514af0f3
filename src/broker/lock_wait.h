// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiting for a LockFile without blocking: tried on a timer.
//
// Belongs to the broker's thread.
#pragma once

#include <string>

#include "broker/lock_file.h"
#include "ports/call.h"
#include "ports/clock.h"

namespace mail_oauth {

inline constexpr std::chrono::milliseconds kLockPause{100};

/// kTransient: held by others for longer than `limit`, in which no suspend counts: it stops them,
/// too. kStorage: as LockFile::try_take.
Call take_lock(Clock& clock, std::string folder, GrantKey key, std::chrono::seconds limit,
               Done<LockFile> done);

}  // namespace mail_oauth
