// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Clock that stands still until the test moves it. The test's thread only.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ports/clock.h"
#include "support/quiet.h"

namespace mail_oauth::testing {

class ManualClock : public Clock {
 public:
  WallTime now() const override { return now_; }
  BootTime uptime() const override { return BootTime(steady_ + suspended_); }

  Call after(std::chrono::milliseconds delay, std::function<void()> then) override {
    auto timer = std::make_shared<Timer>(Timer{steady_ + delay, std::move(then)});
    timers_.push_back(timer);
    if (delay.count() <= 0) fire_due();
    return Call([timer]() { timer->then = nullptr; });
  }

  /// Time passes: everything due in between runs, in order, at its time.
  void advance(std::chrono::milliseconds span) {
    const auto end = steady_ + span;
    run_until_quiet();
    for (auto next = next_due(); next && *next <= end; next = next_due()) {
      move_to(std::max(*next, steady_));
      fire_due();
      run_until_quiet();
    }
    move_to(end);
    run_until_quiet();
  }

  /// The machine was suspended so long: timers know nothing of it.
  void suspend(std::chrono::milliseconds span) {
    suspended_ += span;
    now_ += span;
  }

  /// Somebody set the wall clock, forth or back. Nothing else changes.
  void step(std::chrono::milliseconds span) { now_ += span; }

  /// When the next timer runs out, from now.
  std::optional<std::chrono::milliseconds> next_wait() {
    const auto due = next_due();
    return due ? std::optional<std::chrono::milliseconds>(*due - steady_) : std::nullopt;
  }

 private:
  struct Timer {
    std::chrono::milliseconds due;
    std::function<void()> then;
  };

  std::optional<std::chrono::milliseconds> next_due() {
    timers_.erase(std::remove_if(timers_.begin(), timers_.end(),
                                 [](const auto& timer) { return !timer->then; }),
                  timers_.end());
    std::optional<std::chrono::milliseconds> due;
    for (const auto& timer : timers_) due = due ? std::min(*due, timer->due) : timer->due;
    return due;
  }

  void move_to(std::chrono::milliseconds steady) {
    now_ += steady - steady_;
    steady_ = steady;
  }

  void fire_due() {
    std::vector<std::shared_ptr<Timer>> due;
    for (auto it = timers_.begin(); it != timers_.end();) {
      const bool is_due = (*it)->due <= steady_;
      if (is_due) due.push_back(*it);
      it = is_due ? timers_.erase(it) : it + 1;
    }
    for (auto& timer : due) {
      g_idle_add_full(
          G_PRIORITY_DEFAULT,
          [](gpointer data) -> gboolean {
            auto& fired = *static_cast<std::shared_ptr<Timer>*>(data);
            if (const auto then = std::exchange(fired->then, nullptr)) then();
            return G_SOURCE_REMOVE;
          },
          new std::shared_ptr<Timer>(timer),
          [](gpointer data) { delete static_cast<std::shared_ptr<Timer>*>(data); });
    }
  }

  WallTime now_ = WallTime(std::chrono::seconds(1'800'000'000));
  std::chrono::milliseconds steady_{0};
  std::chrono::milliseconds suspended_{
      std::chrono::hours(100)};  ///< As a machine that is up a while.
  std::vector<std::shared_ptr<Timer>> timers_;
};

}  // namespace mail_oauth::testing
