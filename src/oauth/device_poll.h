// SPDX-License-Identifier: GPL-3.0-or-later
//
// The second half of a sign-in on another device: asking for the tokens until the person is done
// (RFC 8628 section 3.5), with Microsoft's names for the errors too:
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
//
// Pure: no clock, no sockets. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace mail_oauth::oauth {

/// When the code had run out before anybody was done (kTransient).
Error device_code_expired();

/// What one answer of the token endpoint means for the waiting.
struct PollVerdict {
  enum class Kind {
    kTokens,       ///< To be read by parse_tokens().
    kPending,      ///< Ask again after the interval.
    kSlowDown,     ///< The same, and leave more time from now on.
    kUnreachable,  ///< The server is in trouble: back off, and go on.
    kFailed,       ///< It is over, for the reason in `error`.
  };
  Kind kind = Kind::kFailed;
  Error error;  ///< For kUnreachable and kFailed.
};

/// Judges by the `error` field first, whatever the status. kFailed with: kCancelled where the
/// person declined (Microsoft's authorization_declined, access_denied without words); kRefused for
/// access_denied with the provider's words, since it may have been a policy; kTransient for a code
/// that ran out; kProtocol for a code that the server does not know (bad_verification_code) and
/// for answers that make no sense; else as classify_error.
PollVerdict judge_poll(int status, std::string_view body);

/// How long to wait before each poll.
class PollPace {
 public:
  explicit PollPace(std::chrono::seconds interval) : interval_(interval) {}

  /// Call one of these after each answer.
  void pending() { failures_ = 0; }
  /// "the interval MUST be increased by 5 seconds for this and all subsequent requests"
  void slow_down();
  /// No answer, or one that says "later": doubles the wait each time, up to five minutes; the
  /// peer's own wish (Retry-After) where it is longer, up to an hour. Forgotten at the next answer.
  void unreachable(std::optional<std::chrono::seconds> wish);

  /// Counted from the last answer. Back-off leaves time for one more try within `left`, what
  /// remains of the code's life.
  std::chrono::seconds wait(std::chrono::seconds left) const;

 private:
  std::chrono::seconds interval_;
  std::chrono::seconds wish_{0};
  int failures_ = 0;
};

}  // namespace mail_oauth::oauth
