// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: the time, and waiting for it. Tests turn it by hand.
//
// Two times, for a wall clock may be set by hours, and a span may not change with it: whatever is a
// duration (a limit, a pause, a deadline of this process) is taken from uptime(); now() is only for
// what is stored, compared with a stored time, or said to a person.
#pragma once

#include <chrono>
#include <functional>

#include "oauth/grant.h"
#include "ports/call.h"

namespace mail_oauth {

/// Time since the machine was started, suspends included; nobody can set it (CLOCK_BOOTTIME). Means
/// nothing to another machine, nor after a restart.
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
};
using BootTime = BootClock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;

  /// Wall time: it goes on over suspend, and may jump.
  virtual WallTime now() const = 0;

  /// For durations: goes on over suspend, and never jumps.
  virtual BootTime uptime() const = 0;

  /// Calls `then` once after `delay`, in the caller's thread-default GMainContext, unless the Call
  /// is dropped. Stands still over suspend, as whatever answers on this machine does; a due time,
  /// and what a person may take, is for wait_until().
  virtual Call after(std::chrono::milliseconds delay, std::function<void()> then) = 0;
};

/// So long anybody waits in one go, because after() stands still over suspend.
inline constexpr std::chrono::seconds kBeat{60};

/// Calls `then` once, at `due` or soon after, unless the Call is dropped; in the caller's
/// thread-default GMainContext, never from inside this call. Who was suspended over it is called
/// within kBeat of waking up. Waits that end far away wake the machine together, once a beat.
Call wait_until(Clock& clock, BootTime due, std::function<void()> then);

/// The first part of that wait: to the end where it is near, else to the next common beat. Never
/// negative.
std::chrono::milliseconds next_piece(BootTime due, BootTime now);

}  // namespace mail_oauth
