// SPDX-License-Identifier: GPL-3.0-or-later
//
// What could not be saved, in a window over the one that people can work in. Main thread only.
#pragma once

#include <string>

#include "claws/host.h"

namespace mail_oauth::claws {

/// Does not hold up the host's OK, which closes the account window `closing`.
void complain(GtkWindow* closing, const std::string& text);

}  // namespace mail_oauth::claws
