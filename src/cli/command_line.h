// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the words on the command line to an exit code, for any table of commands.
//
// Knows no command. The only place that catches what a command throws: a bug is reported as one
// (kind internal, exit code 1), in words and with --json. One thread.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"

namespace mail_oauth::cli {

/// Finds the command that `words` begin with, runs it and says its error. Returns the exit code of
/// the error's kind (base/error.h), 0 when there is none.
///
/// kConfig: no such command, or what parse_arguments() finds. kInternal: the command threw; what it
/// threw goes to the log and not to the person, for it may hold anything.
int run_command_line(const std::vector<Command>& commands,
                     const std::vector<std::string>& words) noexcept;

}  // namespace mail_oauth::cli
