// SPDX-License-Identifier: GPL-3.0-or-later
//
// The subcommands of `mail-oauth`. Each prints its own data, and returns its error to main.
#pragma once

#include <string>
#include <vector>

#include "cli/grant_choice.h"
#include "cli/known_providers.h"
#include "cli/options.h"
#include "cli/output.h"

namespace mail_oauth::cli {

struct Invocation {
  const Arguments& arguments;
  const Output& output;
  const KnownProviders& providers;
};

struct Command {
  Grammar grammar;
  Result<void> (*run)(const Invocation&);
  bool events = false;  ///< With --json, its error is an event.
};

Command login_command();
Command check_command();
Command token_command();
Command list_command();
Command status_command();
Command logout_command();
Command client_set_command();
Command client_check_command();
Command providers_command();

/// --provider, --client and --tenant.
std::vector<Option> narrowing_options();
/// What they and the operand say.
GrantFilter filter_of(const Arguments& arguments);

}  // namespace mail_oauth::cli
