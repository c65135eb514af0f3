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

/// How long another process may hold a lock before we give up.
inline constexpr std::chrono::seconds kLockLimit{30};
inline constexpr std::chrono::milliseconds kLockPause{100};

/// kTransient: held by others over kLockLimit. kStorage: as LockFile::try_take.
Call take_lock(Clock& clock, std::string folder, GrantKey key, Done<LockFile> done);

}  // namespace mail_oauth
