// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ends the reading of a socket from outside. Who reads may be deep within TLS, which goes on as
// long as bytes come and asks nobody.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace mail_oauth::etpan {

/// Has a thread of its own; all calls come from one other. Borrows the socket (-1: none, nothing is
/// watched), which stays open while the watch is armed.
///
/// Once the time is over, who reads what has not come yet gets the end of the connection, at once
/// and from then on; writing goes on. Linux still hands out what comes afterwards, so this ends a
/// drip and no flood.
class ReadWatch {
 public:
  /// Stands still over suspend, when nobody reads: who wakes up has the rest of the time, in which
  /// a connection that is gone shows.
  using Clock = std::chrono::steady_clock;

  explicit ReadWatch(int socket);
  ~ReadWatch();
  ReadWatch(const ReadWatch&) = delete;
  ReadWatch& operator=(const ReadWatch&) = delete;

  void arm(Clock::time_point end) noexcept;
  void disarm() noexcept;
  /// The time is over now.
  void stop_reading() noexcept;

 private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  const int socket_;
  bool over_ = false;
  std::optional<Clock::time_point> end_;
  std::optional<Clock::time_point> looks_at_;  ///< When the thread looks without being told.
  std::thread thread_;
};

}  // namespace mail_oauth::etpan
