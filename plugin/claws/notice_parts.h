// SPDX-License-Identifier: GPL-3.0-or-later
//
// What notices in the host's main window are made of. Main thread only.
#pragma once

#include <string>

#include "claws/host.h"

namespace mail_oauth::claws {

/// An empty box between the toolbar and the folders, in the window's outermost box, which the host
/// keeps when its layout changes. Null while there is no window.
GtkWidget* new_notice_box();

/// One line in bold, and below it what there is to say about it.
GtkWidget* notice_words(const std::string& headline, const std::string& reason);

}  // namespace mail_oauth::claws
