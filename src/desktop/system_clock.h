// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clock by the system's times and GLib's timers. now() and uptime() from any thread; after() as
// ports/clock.h.
#pragma once

#include "ports/clock.h"

namespace mail_oauth {

class SystemClock : public Clock {
 public:
  WallTime now() const override { return std::chrono::system_clock::now(); }
  BootTime uptime() const override;
  Call after(std::chrono::milliseconds delay, std::function<void()> then) override;
};

}  // namespace mail_oauth
