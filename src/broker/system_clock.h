// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Clock of the machine: wall time, and timers of GLib's loop. Any thread with a context.
#pragma once

#include "ports/clock.h"

namespace mail_oauth {

class SystemClock : public Clock {
 public:
  WallTime now() const override;
  Call after(std::chrono::milliseconds delay, std::function<void()> then) override;
};

}  // namespace mail_oauth
