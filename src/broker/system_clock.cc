// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/system_clock.h"

#include <memory>
#include <utility>

#include "base/source.h"

namespace mail_oauth {

WallTime SystemClock::now() const { return std::chrono::system_clock::now(); }

Call SystemClock::after(std::chrono::milliseconds delay, std::function<void()> then) {
  auto source = std::make_shared<Source>(current_context().get(), delay, std::move(then));
  return Call([source]() mutable { source.reset(); });
}

}  // namespace mail_oauth
