// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands with which a person keeps an item: gpg, pass, systemd-creds, or their own.
//
// Two kinds. Without "{name}" in them they are filters: `write` turns the item into something that
// only `read` turns back, and we keep the result in a file. With "{name}", which stands for the
// item's name (64 hex digits), they keep it themselves, and `remove` has to be there too.
// Values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mail_oauth {

/// A program by its absolute path, and its arguments. No shell reads it.
using CommandWords = std::vector<std::string>;

struct StoreCommands {
  CommandWords read;
  CommandWords write;
  CommandWords remove;  ///< Empty for filters.

  /// Whether they keep the item themselves.
  bool keepers() const;

  bool operator==(const StoreCommands&) const = default;
};

/// Splits as a shell does, by spaces, quotes and backslashes; nothing is expanded, and "|", ">",
/// "$" are plain characters. The program is looked up in PATH now, so that another PATH (cron has
/// one) finds no other program later.
///
/// kConfig, naming `option`: quotes that do not end, or no such program.
Result<CommandWords> command_words(std::string_view line, std::string_view option);

/// kConfig: read or write is missing, or "{name}" and `remove` do not stand where they have to.
Result<void> check_commands(const StoreCommands& commands);

/// With "{name}" filled in.
CommandWords for_item(CommandWords words, std::string_view name);

}  // namespace mail_oauth
