// SPDX-License-Identifier: GPL-3.0-or-later
//
// A limit for a whole answer. libetpan's is for each read: a server that sends a byte now and then,
// or a line, would hold a login for ever.
#pragma once

#include <libetpan/mailstream.h>

#include <chrono>

#include "etpan/read_watch.h"

namespace mail_oauth::etpan {

/// A limit of libetpan's: 0 means the library's own.
std::chrono::seconds host_limit(time_t seconds);

/// While one lives, all that this thread reads from the stream between two writes, or before the
/// first one, takes `limit` together (a longer limit of the host's own stays). Then reading fails,
/// as it does when nothing comes, and goes on failing: a goodbye does not wait for what drips
/// either. Borrows `low`, which may be freed before, in this thread. They may nest, the last one
/// first to go: the innermost counts.
class AnswerLimit {
 public:
  AnswerLimit(mailstream_low* low, std::chrono::seconds limit);
  ~AnswerLimit();
  AnswerLimit(const AnswerLimit&) = delete;
  AnswerLimit& operator=(const AnswerLimit&) = delete;

 private:
  using Clock = ReadWatch::Clock;
  struct Driver;

  static AnswerLimit* of(mailstream_low* low) noexcept;
  static ssize_t read(mailstream_low* low, void* buffer, size_t size) noexcept;
  static ssize_t write(mailstream_low* low, const void* buffer, size_t size) noexcept;
  static void free(mailstream_low* low) noexcept;

  mailstream_low* low_;  ///< Null once it was freed.
  mailstream_low_driver* driver_before_;
  time_t timeout_before_;
  std::chrono::seconds limit_;
  Clock::time_point end_;
  AnswerLimit* outer_;  ///< Of this thread.
  ReadWatch watch_;
};

}  // namespace mail_oauth::etpan
