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

/// Has a thread of its own. Borrows the socket; one that is none (-1) is not watched.
class ReadWatch {
 public:
  using Clock = std::chrono::steady_clock;

  explicit ReadWatch(int socket);
  ~ReadWatch();
  ReadWatch(const ReadWatch&) = delete;
  ReadWatch& operator=(const ReadWatch&) = delete;

  /// At `end`, unless pause() comes before, there is nothing more to be read, for good: who waits
  /// gets the end of the connection. What has come can still be read; writing goes on.
  void begin(Clock::time_point end) noexcept;
  void pause() noexcept;
  /// The same at once.
  void stop_reading() noexcept;
  /// The socket is about to be closed.
  void release() noexcept;

 private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  int socket_;
  bool over_ = false;
  std::optional<Clock::time_point> end_;
  std::thread thread_;
};

}  // namespace mail_oauth::etpan
