// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/clock.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace mail_oauth {
namespace {

/// What is nearer than this to the next beat waits for the one after: timers come a little early.
constexpr std::chrono::seconds kBeatSlack{1};

struct Wait {
  Clock& clock;
  BootTime due;
  std::function<void()> then;
  Call piece;
};

void wait_on(const std::shared_ptr<Wait>& wait) {
  const std::weak_ptr<Wait> weak = wait;
  const auto look = [weak] {
    const auto alive = weak.lock();
    if (!alive) return;
    if (alive->clock.uptime() < alive->due) return wait_on(alive);
    if (const auto then = std::exchange(alive->then, nullptr)) then();
  };
  wait->piece = wait->clock.after(next_piece(wait->due, wait->clock.uptime()), look);
}

}  // namespace

std::chrono::milliseconds next_piece(BootTime due, BootTime now) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(due - now);
  if (left <= kBeat + kBeatSlack) return std::max(left, milliseconds(0));
  const auto after_beat =
      std::chrono::floor<milliseconds>(now.time_since_epoch() + kBeatSlack) % kBeat;
  return kBeat + kBeatSlack - after_beat;
}

Call wait_until(Clock& clock, BootTime due, std::function<void()> then) {
  auto wait = std::make_shared<Wait>(Wait{clock, due, std::move(then), Call()});
  wait_on(wait);
  return Call([wait]() mutable { wait.reset(); });
}

}  // namespace mail_oauth
