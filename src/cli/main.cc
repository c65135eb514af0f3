// SPDX-License-Identifier: GPL-3.0-or-later
//
// The `mail-oauth` command: finds the subcommand, runs it, and ends with the exit code of its
// error's kind (base/error.h).
#include <clocale>
#include <exception>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/i18n.h"
#include "cli/commands.h"
#include "manifest/folders.h"

namespace {

using namespace mail_oauth;
using namespace mail_oauth::cli;

using Words = std::vector<std::string>;

std::vector<Command> all_commands() {
  return {login_command(),  token_command(),      list_command(),     status_command(),
          logout_command(), client_set_command(), providers_command()};
}

std::string overview() {
  std::string text = std::string(_("Usage: mail-oauth COMMAND [OPTION...]")) + "\n\n" +
                     _("Signs in to mail providers with OAuth 2.0 and hands out access tokens.") +
                     "\n\n" + _("Commands:") + "\n";
  for (const Command& command : all_commands()) {
    std::string left = command.grammar.name;
    left.resize(12, ' ');
    text += "  " + left + _(command.grammar.summary) + "\n";
  }
  return text + "\n" +
         _("Each has --help and --json. Exit codes: 0 done, 2 usage or settings, 3 sign in again, "
           "4 cancelled, 5 try again later, 6 refused, 7 keyring, 8 unexpected answer, "
           "1 a bug.") +
         "\n";
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

bool wants_json(const Words& words) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == "--json") return true;
  }
  return false;
}

int fail(const Output& output, const Error& error, bool as_event) {
  output.error(error, as_event);
  return exit_code(error.kind);
}

int run_command(const Command& command, const Words& words, const Output& output) {
  const auto arguments = parse_arguments(command.grammar, words);
  if (!arguments) return fail(output, arguments.error(), command.events);
  if (arguments->has("--help")) {
    output.text(help_of(command.grammar));
    return 0;
  }
  const auto catalog = manifest::Catalog::load(manifest::standard_folders());
  const auto done = command.run({*arguments, output, catalog});
  if (!done) return fail(output, done.error(), command.events);
  return 0;
}

Error unknown_command(const std::string& word) {
  std::string what = format(_("There is no command \"{}\"."), {word});
  for (const Command& command : all_commands()) {
    const std::string name = command.grammar.name;
    if (name.rfind(word + " ", 0) == 0) what += " " + format(_("There is \"{}\"."), {name});
  }
  return make_error(Error::Kind::kConfig, what + " " + _("Help: mail-oauth --help"));
}

int run(Words words) {
  const Output output(wants_json(words));
  if (words.empty()) {
    return fail(
        output,
        make_error(Error::Kind::kConfig, _("A command is missing. Help: mail-oauth --help")),
        false);
  }
  if (words[0] == "--help" || words[0] == "help") {
    output.text(overview());
    return 0;
  }
  if (words[0] == "--version") {
    output.data("mail-oauth " MAIL_OAUTH_VERSION);
    return 0;
  }
  for (const Command& command : all_commands()) {
    Words rest = words;
    if (takes_name(command.grammar.name, rest)) return run_command(command, rest, output);
  }
  return fail(output, unknown_command(words[0]), false);
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  bind_text_domain();
  constexpr int kThrown = -1;
  const int code = guarded("main", kThrown, [&] { return run(Words(argv + 1, argv + argc)); });
  if (code != kThrown) return code;
  return guarded("main", exit_code(Error::Kind::kInternal), [&] {
    const Output output(wants_json(Words(argv + 1, argv + argc)));
    return fail(output, make_error(Error::Kind::kInternal, _("Something went wrong inside.")),
                false);
  });
}
