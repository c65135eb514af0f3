// SPDX-License-Identifier: GPL-3.0-or-later
//
// Over which connections a token may go: encrypted ones to a server whose certificate is checked.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "oauth/protocol.h"

namespace mail_oauth::claws {

struct ConnectionFacts {
  bool encrypted = false;             ///< TLS or STARTTLS, required and not merely tried.
  bool certificates_checked = true;   ///< The host's hidden switches for checks are as shipped.
  bool through_command = false;       ///< A command stands in for the network connection.
  bool accepts_certificates = false;  ///< New valid certificates are accepted without asking.
};

/// kRefused when no token may go: the text says what to change and where.
Result<void> may_carry_token(Protocol protocol, const ConnectionFacts& connection);

/// What the account page warns about although tokens do go; nothing when all is well.
std::optional<std::string> connection_warning(const ConnectionFacts& connection);

}  // namespace mail_oauth::claws
