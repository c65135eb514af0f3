// SPDX-License-Identifier: GPL-3.0-or-later
//
// A text of a live account of the host, replaced.
//
// Others keep the pointer and not the text: managesieve has the server and the user of an account
// in its session, and an account window has them until it closes. So what was there is never freed:
// a few bytes for each change that a person makes. Main thread only.
#pragma once

#include <string>

namespace mail_oauth::claws {

/// `field`: from g_malloc, or null. The new text is the host's to free.
void replace_text(char*& field, const std::string& value);

}  // namespace mail_oauth::claws
