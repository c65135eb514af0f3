// SPDX-License-Identifier: GPL-3.0-or-later
//
// What both mechanisms check in the values that they are given. Pure; any thread.
#pragma once

#include <algorithm>
#include <string_view>

namespace mail_oauth::sasl {

inline bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Neither empty nor able to end its field.
inline bool fits_a_field(std::string_view text) { return !text.empty() && !holds_control(text); }

}  // namespace mail_oauth::sasl
