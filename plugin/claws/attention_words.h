// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a mark in the main window, and of the one notification about it.
//
// The notification may be shown on a locked screen and kept by the desktop: it names who signs in
// or the account, and nothing that a server said. Pure; any thread.
#pragma once

#include <string>

#include "claws/attention.h"

namespace mail_oauth::claws {

/// One line: that no mail comes or goes, for whom, and what kind of thing stops it.
std::string headline(const Attention::Mark& mark);

/// What happened and who can mend it, as the command says it (src/explain).
std::string reason(const Attention::Mark& mark);

/// The notification's text below its title, the headline.
std::string notification_body(const Attention::Mark& mark);

}  // namespace mail_oauth::claws
