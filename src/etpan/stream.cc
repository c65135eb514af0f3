// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/stream.h"

#include <signal.h>
#include <time.h>

#include <algorithm>

#include "base/i18n.h"

namespace mail_oauth::etpan {

namespace {

sigset_t pipe_signal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

}  // namespace

Stream::Stream(mailstream* stream, std::chrono::seconds limit)
    : stream_(stream), low_(mailstream_get_low(stream)), limit_(low_, limit) {
  const sigset_t pipe = pipe_signal();
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  pipe_was_blocked_ = sigismember(&before, SIGPIPE) == 1;
}

Stream::~Stream() {
  if (pipe_was_blocked_) return;
  const sigset_t pipe = pipe_signal();
  const timespec at_once = {0, 0};
  while (sigtimedwait(&pipe, nullptr, &at_once) == SIGPIPE) {
  }
  pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
}

bool Stream::add(std::string_view text) {
  return mailstream_write(stream_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool Stream::send() { return mailstream_flush(stream_) == 0; }

bool Stream::send_private(const Secret& line) {
  const std::string_view waiting(stream_->write_buffer, stream_->write_buffer_len);
  const Secret whole = Secret::join(waiting, line.reveal(), "\r\n");
  stream_->write_buffer_len = 0;
  std::string_view left = whole.reveal();
  while (!left.empty()) {
    const ssize_t sent = low_->driver->mailstream_write(low_, left.data(), left.size());
    if (sent < 0) return false;  // 0: try again, as libetpan does; each try waits
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Not mailstream_read_line_remove_eol: where a line has no byte it looks for its end at the byte
// before the buffer, and writes there when that happens to be one.
const char* Stream::read_line(MMAPString* buffer) {
  if (!mailstream_read_line(stream_, buffer)) return nullptr;
  if (buffer->len > 0 && buffer->str[buffer->len - 1] != '\n') return nullptr;
  for (const char end : {'\n', '\r'}) {
    if (buffer->len > 0 && buffer->str[buffer->len - 1] == end) buffer->str[--buffer->len] = '\0';
  }
  return buffer->str;
}

bool Stream::skip(std::size_t count) {
  char dropped[512];
  while (count > 0) {
    const ssize_t got = mailstream_read(stream_, dropped, std::min(count, sizeof dropped));
    if (got <= 0) return false;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

Error connection_lost() {
  return make_error(Error::Kind::kTransient,
                    _("The connection to the mail server broke, or it did not answer in time."),
                    "connection");
}

}  // namespace mail_oauth::etpan
