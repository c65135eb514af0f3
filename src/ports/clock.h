// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: the time, and waiting for it. Tests turn it by hand.
#pragma once

#include <chrono>
#include <functional>

#include "oauth/grant.h"
#include "ports/call.h"

namespace mail_oauth {

class Clock {
 public:
  virtual ~Clock() = default;

  /// Wall time: it goes on over suspend, and may jump.
  virtual WallTime now() const = 0;

  /// Calls `then` once after `delay`, in the caller's thread-default GMainContext, unless the Call
  /// is dropped. Monotonic: does not advance over suspend, so nobody waits longer than 40 s in one
  /// go.
  virtual Call after(std::chrono::milliseconds delay, std::function<void()> then) = 0;
};

}  // namespace mail_oauth
