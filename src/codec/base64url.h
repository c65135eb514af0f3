// SPDX-License-Identifier: GPL-3.0-or-later
//
// base64url without padding (RFC 4648 section 5). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mail_oauth {

std::string base64url(std::string_view bytes);

/// Nothing when `text` holds another character, padding, or a length that cannot be.
std::optional<std::string> base64url_decoded(std::string_view text);

}  // namespace mail_oauth
