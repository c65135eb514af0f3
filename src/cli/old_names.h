// SPDX-License-Identifier: GPL-3.0-or-later
//
// Old names of shared mailboxes on the command line (explain/old_name.h), turned into what they
// mean before a command sees them. Pure.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/options.h"

namespace mail_oauth::cli {

/// The first operand becomes the identity, and the mailbox the value of --mailbox where the command
/// has one and nobody gave it; a --mailbox of that form becomes its address. The words about it, or
/// nothing when there was no such name.
///
/// kConfig: the name does not say who signs in.
Result<std::string> convert_old_names(const Grammar& grammar, Arguments& arguments);

}  // namespace mail_oauth::cli
