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

struct CommandRun {
  const CommandWords& words;
  std::string_view option;  ///< Such as "--store-read", for messages.
  std::string_view input;
  std::chrono::milliseconds limit = std::chrono::seconds(60);
  /// When nobody waits any more: true ends the command, false lets one that writes go on.
  bool stoppable = true;
};

/// Everything that the command wrote to standard output, 1 MiB at most.
///
/// kStorage, code "command": it could not be started, ended with another exit code than 0 or by a
/// signal, wrote too much, or took longer than the limit (then it is ended). The text names option,
/// program and exit code and has the last line of its standard error, made fit to be shown.
/// kCancelled: stopped.
Result<Secret> run_command(const CommandRun& run, const Stop& stop);

}  // namespace mail_oauth::cmdstore
