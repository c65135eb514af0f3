// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words of ours on their way to a terminal: names and addresses in them come from foreign files and
// servers. Nothing is left out or shortened, as peer_text.h does with what a peer said. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace mail_oauth {

/// Fit for one line of a terminal: control and formatting characters are shown as "?", and so are
/// line ends, which `printable_text` lets through.
std::string printable(std::string_view text);
std::string printable_text(std::string_view text);

}  // namespace mail_oauth
