// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing to a libetpan stream, with and without its log.
//
// `mailstream_set_privacy` is not enough for a token: it only marks the bytes as private and hands
// them to the logger all the same, and without a logger they go into libetpan-stream-debug.log. So
// credentials are written through the stream's driver, below the place that logs.
//
// The thread that owns the session only.
#pragma once

#include <libetpan/mailstream.h>

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "etpan/answer_limit.h"

namespace mail_oauth::etpan {

/// A borrowed stream. While one lives, each answer has `limit` (longer limits of the host's own
/// stay) and no more, and a connection that is gone raises no SIGPIPE in this thread.
class Stream {
 public:
  Stream(mailstream* stream, std::chrono::seconds limit);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  mailstream* get() const { return stream_; }

  /// Puts text behind what is waiting to be sent.
  bool add(std::string_view text);
  /// Sends what is waiting. A line is ended by the caller.
  bool send();
  /// Sends what is waiting, `line` and a line end, unseen by the log.
  bool send_private(const Secret& line);
  /// The next line without its end, in `buffer` until the next call; empty, too, at the end of the
  /// connection. Null when it broke, or ended within the line.
  const char* read_line(MMAPString* buffer);
  /// Reads as many bytes and drops them. False: the connection broke or ended before.
  bool skip(std::size_t count);

 private:
  mailstream* stream_;
  mailstream_low* low_;
  AnswerLimit limit_;
  bool pipe_was_blocked_ = false;
};

/// kTransient with the code "connection": it broke, was closed, or nothing came in time.
Error connection_lost();

}  // namespace mail_oauth::etpan
