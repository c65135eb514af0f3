// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a program's "password" can be an access token.
//
// A module that every program of the system loads gets passwords too, from programs that let Cyrus
// SASL choose a mechanism. This tells most of them from tokens; a long random password it cannot.
// Pure; any thread.
#pragma once

#include <cstddef>

#include "base/secret.h"

namespace mail_oauth::cyrus {

/// 128 bits in hexadecimal; mail providers' tokens are far longer, typed passwords shorter.
inline constexpr std::size_t kShortestToken = 32;

/// At least that long, and of the characters that RFC 6750 section 2.1 permits.
bool can_be_token(const AccessToken& token);

}  // namespace mail_oauth::cyrus
