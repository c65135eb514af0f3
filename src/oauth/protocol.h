// SPDX-License-Identifier: GPL-3.0-or-later
//
// The three mail protocols that a grant serves. Values; any thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace mail_oauth {

enum class Protocol { kImap, kPop, kSmtp };

inline constexpr std::array<Protocol, 3> kProtocols = {Protocol::kImap, Protocol::kPop,
                                                       Protocol::kSmtp};

/// The word used in manifests, options and `--json`: "imap", "pop" or "smtp".
std::string_view protocol_word(Protocol protocol);

/// The name as people write it: "IMAP", "POP3" or "SMTP".
std::string_view protocol_title(Protocol protocol);

/// Reads "imap", "pop", "pop3" or "smtp", in lower case only.
std::optional<Protocol> protocol_from_word(std::string_view word);

}  // namespace mail_oauth
