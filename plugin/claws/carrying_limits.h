// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a name and a token the host itself can put on the wire.
//
// Claws Mail builds its login lines in fixed buffers: for POP3 it cuts what is longer (4.1: a line
// of 512 bytes), and for POP3 and SMTP it aborts near 8192 bytes. A token that does not fit is
// refused here in words, before the host sees it. Measured; see ARCHITECTURE.md. Pure; any thread.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "oauth/protocol.h"

namespace mail_oauth::claws {

struct HostVersion {
  int major_number = 4;
  int minor_number = 1;
};

/// The most bytes of SASL user and token together.
std::size_t carrying_limit(HostVersion host, Protocol protocol);

/// kRefused when they are longer: the text names the protocol, both sizes and what can be done.
Result<void> can_carry(HostVersion host, Protocol protocol, std::size_t user_bytes,
                       std::size_t token_bytes);

}  // namespace mail_oauth::claws
