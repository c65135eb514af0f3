// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/store_commands.h"

#include <glib.h>

#include <algorithm>

#include "base/cptr.h"
#include "base/i18n.h"

namespace mail_oauth {

namespace {

constexpr std::string_view kName = "{name}";

using StringListPtr = CPtr<char*, g_strfreev>;

bool names_item(const CommandWords& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word.find(kName) != word.npos; });
}

Error wrong(std::string what) { return make_error(Error::Kind::kConfig, std::move(what)); }

}  // namespace

bool StoreCommands::keepers() const { return names_item(write); }

Result<CommandWords> command_words(std::string_view line, std::string_view option) {
  char** raw = nullptr;
  GError* raw_error = nullptr;
  const bool split = g_shell_parse_argv(std::string(line).c_str(), nullptr, &raw, &raw_error);
  const StringListPtr list(raw);
  const GErrorPtr error(raw_error);
  if (!split) return wrong(format("{}: {}", {option, error->message}));
  CommandWords words;
  for (char** word = list.get(); *word; ++word) words.emplace_back(*word);
  const GCharPtr found(g_find_program_in_path(words[0].c_str()));
  if (!found) {
    return wrong(format(_("{}: there is no program \"{}\"."), {option, words[0]}));
  }
  const GCharPtr absolute(g_canonicalize_filename(found.get(), nullptr));
  words[0] = absolute.get();
  return words;
}

Result<void> check_commands(const StoreCommands& commands) {
  if (commands.read.empty() || commands.write.empty()) {
    return wrong(
        _("--store command wants two commands: --store-write, which gets the sign-in on "
          "standard input, and --store-read, which gives it back on standard output."));
  }
  const bool keepers = commands.keepers();
  if (names_item(commands.read) != keepers) {
    return wrong(
        _("{name} has to stand in both --store-read and --store-write, or in neither of them."));
  }
  if (keepers && !names_item(commands.remove)) {
    return wrong(
        _("Commands that keep the sign-in themselves, with {name}, want a --store-remove with "
          "{name}, too."));
  }
  if (!keepers && !commands.remove.empty()) {
    return wrong(
        _("--store-remove is for commands that keep the sign-in themselves, with {name}. "
          "What these commands give is kept in a file, which is deleted at sign-out."));
  }
  return {};
}

CommandWords for_item(CommandWords words, std::string_view name) {
  for (std::string& word : words) {
    for (auto at = word.find(kName); at != word.npos; at = word.find(kName, at + name.size())) {
      word.replace(at, kName.size(), name);
    }
  }
  return words;
}

}  // namespace mail_oauth
