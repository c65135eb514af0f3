// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs one command of a store: bytes on its standard input, its standard output as the answer.
//
// No shell, no secret in arguments or environment. Blocks; any thread but a host's main one.
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "cmdstore/background.h"
#include "cmdstore/store_commands.h"

namespace mail_oauth::cmdstore {

/// For a person may have to type a passphrase.
inline constexpr std::chrono::seconds kCommandLimit{60};

struct CommandRun {
  const CommandWords& words;
  std::string_view option;  ///< Such as "--store-read", for messages.
  std::string_view input;
  /// Stands still over suspend, as the command and the person whom it may ask do.
  std::chrono::milliseconds limit = kCommandLimit;
  /// When nobody waits any more: true ends the command, false lets one that writes go on.
  bool stoppable = true;
};

/// Everything that the command wrote to standard output, 1 MiB at most.
///
/// kStorage, code "command": it could not be started, ended with another exit code than 0 or by a
/// signal, wrote too much, or took longer than the limit (then it is ended); or nobody can say how
/// it ended, because the program that we are in ignores SIGCHLD. The text names option, program and
/// exit code and has the last line of its standard error, made fit to be shown.
/// kCancelled: stopped.
Result<Secret> run_command(const CommandRun& run, const Stop& stop);

}  // namespace mail_oauth::cmdstore
