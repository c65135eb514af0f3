// SPDX-License-Identifier: GPL-3.0-or-later
//
// SHA-256 and base64 (RFC 4648 section 4) by GnuTLS. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::crypto {

/// 32 bytes. Fails with kInternal when the library does.
Result<std::string> sha256(std::string_view bytes);
std::string hex(std::string_view bytes);

Result<Secret> base64(std::string_view bytes);
/// Nothing when `text` is not base64.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace mail_oauth::crypto
