// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a text that the host shows speaks of a certain user at a certain server.
//
// The host's password prompt is translated, and its versions word it differently: only the two
// names in it can be relied on. Pure; any thread.
#pragma once

#include <string_view>

namespace mail_oauth::claws {

/// True when `name` stands in `text` as a whole: not as a part of a longer address or host name.
bool mentions(std::string_view text, std::string_view name);

}  // namespace mail_oauth::claws
