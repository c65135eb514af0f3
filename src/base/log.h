// SPDX-License-Identifier: GPL-3.0-or-later
//
// The log: off unless asked for, and redacted on the way out.
//
// No caller may pass a secret; as a second line of defence, every run of 20 or more characters that
// could be a token (base64, base64url, JWT) is replaced before the sink sees it. Any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace mail_oauth {

using LogSink = std::function<void(std::string_view line)>;

/// Where log lines go from now on; an empty function turns the log off (the state at start).
void set_log_sink(LogSink sink);

/// One line, without a newline. `where` is the layer, such as "broker".
void log_debug(std::string_view where, std::string_view line);

/// A bug of ours, seen at a guard. Never throws.
void log_internal(const char* where, const char* what) noexcept;

/// `line` with everything that looks like a token replaced by "[N bytes]", and control and
/// formatting characters, and bytes that are not UTF-8, by "?".
std::string redacted(std::string_view line);

}  // namespace mail_oauth
