// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/system_clock.h"

#include <memory>

#include "base/source.h"

namespace mail_oauth {

Call SystemClock::after(std::chrono::milliseconds delay, std::function<void()> then) {
  const auto timer = std::make_shared<Source>(current_context().get(), delay, std::move(then));
  return Call([timer] { *timer = Source(); });
}

}  // namespace mail_oauth
