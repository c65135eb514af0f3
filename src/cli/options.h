// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line, read by tables. Knows no command; never sees a secret: those come by stdin.
// Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace mail_oauth::cli {

struct Option {
  const char* name;   ///< With its dashes, such as "--provider".
  const char* value;  ///< Name of its value for the help, marked with N_; null: a switch.
  const char* help;   ///< Marked with N_.
};

/// One subcommand, as the parser and the help see it.
struct Grammar {
  const char* name;      ///< One word, or two ("client set").
  const char* operands;  ///< For the usage line; marked with N_.
  const char* summary;   ///< Marked with N_.
  std::vector<Option> options;
  std::size_t least = 0;  ///< Operands.
  std::size_t most = 0;
};

struct Arguments {
  std::map<std::string, std::string> options;  ///< Switches have an empty value.
  std::vector<std::string> operands;

  bool has(const std::string& option) const { return options.count(option) > 0; }
  /// Empty when it was not given.
  std::string value(const std::string& option) const;
};

/// "--option value", "--option=value"; "--" ends the options. "--json" and "--help" are always
/// known.
///
/// kConfig: an unknown, repeated or incomplete option, too few or too many operands; the text names
/// it and how to get help.
Result<Arguments> parse_arguments(const Grammar& grammar, const std::vector<std::string>& words);

/// The text of `--help` for one command.
std::string help_of(const Grammar& grammar);

}  // namespace mail_oauth::cli
