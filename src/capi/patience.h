// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long one question of the program may take in all: each step that it is made of takes from the
// same time. It is boot time, so a suspend counts, too. Any thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "ports/clock.h"

namespace mail_oauth::capi {

/// What mail_oauth.h promises for a token.
inline constexpr std::chrono::milliseconds kPatience{90'000};

class Patience {
 public:
  /// Begins now. Borrows the clock.
  explicit Patience(const Clock& clock, std::chrono::milliseconds limit = kPatience)
      : clock_(clock), end_(clock.uptime() + limit) {}

  /// For the next step; never negative.
  std::chrono::milliseconds left() const {
    const auto left = std::chrono::floor<std::chrono::milliseconds>(end_ - clock_.uptime());
    return std::max(left, std::chrono::milliseconds(0));
  }

 private:
  const Clock& clock_;
  const BootTime end_;
};

}  // namespace mail_oauth::capi
