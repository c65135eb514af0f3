// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/system_clock.h"

#include <time.h>

#include <memory>

#include "base/source.h"

namespace mail_oauth {

BootTime SystemClock::uptime() const {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);  // Linux has it since 2.6.39: it cannot fail
  return BootTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

Call SystemClock::after(std::chrono::milliseconds delay, std::function<void()> then) {
  const auto timer = std::make_shared<Source>(current_context().get(), delay, std::move(then));
  return Call([timer] { *timer = Source(); });
}

}  // namespace mail_oauth
