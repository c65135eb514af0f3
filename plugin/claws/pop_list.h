// SPDX-License-Identifier: GPL-3.0-or-later
//
// The host's list of what it has received over POP3, which it keeps under the names of server and
// user: by another name the whole mailbox would come again. Main thread only.
#pragma once

#include <string>

namespace mail_oauth::claws {

/// The file in the host's folder of such lists.
std::string pop_list_name(const std::string& server, const std::string& user);

/// Where the first exists and the other is missing or older; the first stays. What cannot be
/// written is fetched again, no worse than without.
void copy_pop_list(const std::string& from, const std::string& to);

}  // namespace mail_oauth::claws
