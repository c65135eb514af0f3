// SPDX-License-Identifier: GPL-3.0-or-later
//
// The `mail-oauth` command: which subcommands there are, --help and --version. The rest is
// cli/command_line.h.
#include <clocale>
#include <csignal>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/i18n.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace {

using namespace mail_oauth;
using namespace mail_oauth::cli;

using Words = std::vector<std::string>;

std::vector<Command> all_commands() {
  return {login_command(),      token_command(),        list_command(),
          status_command(),     logout_command(),       check_command(),
          client_set_command(), client_check_command(), providers_command()};
}

std::string overview() {
  std::string text = std::string(_("Usage: mail-oauth COMMAND [OPTION...]")) + "\n\n" +
                     _("Signs in to mail providers with OAuth 2.0 and hands out access tokens.") +
                     "\n\n" + _("Commands:") + "\n";
  for (const Command& command : all_commands()) {
    std::string left = command.grammar.name;
    left.resize(14, ' ');
    text += "  " + left + _(command.grammar.summary) + "\n";
  }
  return text + "\n" +
         _("Each has --help and --json. Exit codes: 0 done, 2 usage or settings, 3 sign in again, "
           "4 cancelled, 5 try again later, 6 refused, 7 keyring, 8 unexpected answer, "
           "1 a bug.") +
         "\n";
}

int end(const Output& output) {
  const auto told = output.finish();
  if (told) return 0;
  output.error(told.error(), false);
  return exit_code(told.error().kind);
}

int run(const Words& words) {
  const Output output(false);
  if (!words.empty() && (words[0] == "--help" || words[0] == "help")) {
    output.text(overview());
    return end(output);
  }
  if (!words.empty() && words[0] == "--version") {
    output.data("mail-oauth " MAIL_OAUTH_VERSION);
    return end(output);
  }
  return run_command_line(all_commands(), words);
}

}  // namespace

int main(int argc, char** argv) {
  // Who ignores it hands that on to us (some daemons, perl): the commands of a store, and what they
  // start, could not see how their children end.
  std::signal(SIGCHLD, SIG_DFL);
  std::setlocale(LC_ALL, "");
  bind_text_domain();
  return guarded("main", exit_code(Error::Kind::kInternal),
                 [&] { return run(Words(argv + 1, argv + argc)); });
}
