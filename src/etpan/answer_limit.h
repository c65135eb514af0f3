// SPDX-License-Identifier: GPL-3.0-or-later
//
// A limit for a whole answer. libetpan's is for each read: a server that sends a byte now and then,
// or a line, would hold a login for ever.
#pragma once

#include <libetpan/mailstream.h>

#include <chrono>

namespace mail_oauth::etpan {

/// While one lives, all that this thread reads from the stream between two writes, or before the
/// first one, takes `limit` together (a longer limit of the host's own stays); then reading fails,
/// as it does when nothing comes. Borrows `low`, which may be freed before, in this thread. They
/// may nest, the last one first to go: each counts by itself.
class AnswerLimit {
 public:
  AnswerLimit(mailstream_low* low, std::chrono::seconds limit);
  ~AnswerLimit();
  AnswerLimit(const AnswerLimit&) = delete;
  AnswerLimit& operator=(const AnswerLimit&) = delete;

 private:
  using Steady = std::chrono::steady_clock;
  struct Driver;

  static AnswerLimit* of(mailstream_low* low);
  static ssize_t read(mailstream_low* low, void* buffer, size_t size);
  static ssize_t write(mailstream_low* low, const void* buffer, size_t size);
  static void free(mailstream_low* low);

  mailstream_low* low_;  ///< Null once it was freed.
  mailstream_low_driver* driver_before_;
  time_t timeout_before_;
  std::chrono::seconds limit_;
  Steady::time_point end_;
  AnswerLimit* outer_;  ///< Of this thread.
};

}  // namespace mail_oauth::etpan
