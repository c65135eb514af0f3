// SPDX-License-Identifier: GPL-3.0-or-later
//
// The headers of HTTP that speak of time: Retry-After (RFC 9110 section 10.2.3) and Date (section
// 6.6.1). Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "oauth/grant.h"

namespace mail_oauth::oauth {

/// How long the peer wants to be left alone: seconds, or a date in any of the three forms of RFC
/// 9110 section 5.6.7, counted from `now`. A date in the past is zero; nothing that cannot be read
/// is a wish. The caller caps it.
std::optional<std::chrono::seconds> retry_after(std::string_view value, WallTime now);

/// The peer's clock, in any of the three forms of section 5.6.7. Nothing that cannot be read.
std::optional<WallTime> http_date(std::string_view value);

}  // namespace mail_oauth::oauth
