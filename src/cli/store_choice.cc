// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/store_choice.h"

#include <utility>

#include "base/i18n.h"

namespace mail_oauth::cli {

namespace {

constexpr const char* kCommandOptions[] = {"--store-read", "--store-write", "--store-remove"};

Result<StoreCommands> commands_from(const Arguments& arguments) {
  StoreCommands commands;
  CommandWords* const into[] = {&commands.read, &commands.write, &commands.remove};
  for (std::size_t i = 0; i < std::size(kCommandOptions); ++i) {
    if (!arguments.has(kCommandOptions[i])) continue;
    auto words = command_words(arguments.value(kCommandOptions[i]), kCommandOptions[i]);
    if (!words) return words.error();
    *into[i] = *std::move(words);
  }
  if (const auto good = check_commands(commands); !good) return good.error();
  return commands;
}

/// The commands that the options name, else those that the grant remembers.
Result<std::optional<StoreCommands>> wanted_commands(const Arguments& arguments,
                                                     const GrantKey& before, Session& session) {
  using Found = std::optional<StoreCommands>;
  bool named = false;
  for (const char* option : kCommandOptions) {
    if (!arguments.has(option)) continue;
    named = true;
    if (arguments.value("--store") == "command") continue;
    return make_error(Error::Kind::kConfig, format(_("{} goes with --store command."), {option}));
  }
  if (!named && !before.identity.empty()) {
    auto remembered = session.commands().commands_of(before);
    if (!remembered) return remembered.error();
    if (*remembered) return remembered;
  }
  if (arguments.value("--store") != "command") return Found();
  auto commands = commands_from(arguments);
  if (!commands) return commands.error();
  return Found(*std::move(commands));
}

}  // namespace

std::vector<Option> store_options() {
  return {
      {"--store", N_("WHERE"),
       N_("keep it in the keyring, or by a command of yours: keyring, command")},
      {"--store-write", N_("COMMAND"), N_("gets it on standard input, such as \"gpg -e -r KEY\"")},
      {"--store-read", N_("COMMAND"), N_("gives it back on standard output, such as \"gpg -d\"")},
      {"--store-remove", N_("COMMAND"),
       N_("for commands that keep it themselves under {name}, such as those of pass")}};
}

Result<void> choose_store(const Arguments& arguments, const GrantKey& before, Session& session) {
  const std::string where = arguments.value("--store");
  if (!where.empty() && where != "keyring" && where != "command") {
    return make_error(Error::Kind::kConfig,
                      format(_("\"{}\" is no store: use keyring or command."), {where}));
  }
  if (where == "command") {
    if (const auto home = cmdstore::state_folder(); !home) return home.error();
  }
  if (where == "keyring") session.routed().choose(StoreKind::kKeyring);
  const auto commands = wanted_commands(arguments, before, session);
  if (!commands) return commands.error();
  if (where == "keyring" || !*commands) return {};
  session.commands().use(**commands);
  session.routed().choose(StoreKind::kCommands);
  return {};
}

}  // namespace mail_oauth::cli
