// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_line.h"

#include <glib.h>

#include "base/cptr.h"
#include "base/guarded.h"
#include "base/i18n.h"
#include "cli/old_names.h"
#include "manifest/folders.h"
#include "oauth/key_text.h"

namespace mail_oauth::cli {

namespace {

using Words = std::vector<std::string>;

constexpr int kThrown = -1;

int fail(const Output& output, const Error& error, bool as_event) {
  output.error(error, as_event);
  return exit_code(error.kind);
}

/// Of a command that did what it was asked for.
int end(const Output& output, bool as_event) {
  const auto told = output.finish();
  return told ? 0 : fail(output, told.error(), as_event);
}

bool wants_json(const Words& words) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == "--json") return true;
  }
  return false;
}

// Drops the words of the command's name when they are there.
bool takes_name(const std::string& name, Words& words) {
  Words left = words;
  for (std::string rest = name; !rest.empty();) {
    const std::string word = rest.substr(0, rest.find(' '));
    rest.erase(0, word.size() + 1);
    if (left.empty() || left[0] != word) return false;
    left.erase(left.begin());
  }
  words = left;
  return true;
}

int run_command(const Command& command, const Words& words, const Output& output) {
  auto arguments = parse_arguments(command.grammar, words);
  if (!arguments) return fail(output, arguments.error(), command.events);
  if (arguments->has("--help")) {
    output.text(help_of(command.grammar));
    return end(output, command.events);
  }
  const auto about_names = convert_old_names(command.grammar, *arguments);
  if (!about_names) return fail(output, about_names.error(), command.events);
  if (!about_names->empty()) output.talk(*about_names);
  const KnownProviders providers;
  const auto done = command.run({*arguments, output, providers});
  if (!done) return fail(output, done.error(), command.events);
  return end(output, command.events);
}

Error unknown_command(const std::vector<Command>& commands, const std::string& word) {
  std::string what = format(_("There is no command \"{}\"."), {word});
  for (const Command& command : commands) {
    const std::string name = command.grammar.name;
    if (name.rfind(word + " ", 0) == 0) what += " " + format(_("There is \"{}\"."), {name});
  }
  return make_error(Error::Kind::kConfig, what + " " + _("Help: mail-oauth --help"));
}

int run_guarded(const Command& command, const Words& words, const Output& output) {
  const int code = guarded("command", kThrown, [&] { return run_command(command, words, output); });
  if (code != kThrown) return code;
  return fail(output, make_error(Error::Kind::kInternal, _("Something went wrong inside.")),
              command.events);
}

/// Most things that we are told become names in a store, and these are UTF-8. Words that are not,
/// such as those of a Latin-1 terminal, are in the locale's encoding.
Result<Words> in_utf8(Words words) {
  for (std::string& word : words) {
    if (check_text(word)) continue;
    const GCharPtr text(
        g_locale_to_utf8(word.data(), static_cast<gssize>(word.size()), nullptr, nullptr, nullptr));
    if (!text) return check_text(word).error();
    word = text.get();
  }
  return words;
}

int find_and_run(const std::vector<Command>& commands, const Words& given) {
  const Output output(wants_json(given));
  const auto read = in_utf8(given);
  if (!read) return fail(output, read.error(), false);
  const Words& words = *read;
  if (words.empty()) {
    return fail(
        output,
        make_error(Error::Kind::kConfig, _("A command is missing. Help: mail-oauth --help")),
        false);
  }
  for (const Command& command : commands) {
    Words rest = words;
    if (takes_name(command.grammar.name, rest)) return run_guarded(command, rest, output);
  }
  return fail(output, unknown_command(commands, words[0]), false);
}

}  // namespace

int run_command_line(const std::vector<Command>& commands, const Words& words) noexcept {
  return guarded("main", exit_code(Error::Kind::kInternal),
                 [&] { return find_and_run(commands, words); });
}

}  // namespace mail_oauth::cli
