// SPDX-License-Identifier: GPL-3.0-or-later
//
// How failures reach the person: in the host's log window and status bar, never as a dialog,
// because a timer may have asked. Main thread only.
#pragma once

#include <string>

#include "base/error.h"

namespace mail_oauth::claws {

/// One line about an account, worded for its kind; cancelled says nothing. The status bar gets the
/// error's own words only.
void tell(const std::string& account, const Error& error);

/// A plain line in the host's log.
void tell(const std::string& line);

/// The error in words and its explanation as in the command (src/explain), with its code and
/// correlation id when there are any.
std::string in_words(const Error& error);

}  // namespace mail_oauth::claws
