// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which provider an address signs in to: the one that was named, else the one that is found
// (finder/provider_finder.h), else the one that the person chooses. Main thread, default
// GMainContext.
#pragma once

#include <string>

#include "cli/commands.h"
#include "finder/finding.h"

namespace mail_oauth::cli {

/// By --provider, else by the address; with --verbose, why goes to standard error and, with --json,
/// into {"event":"provider","provider","trace":[{"by","what"}]}.
///
/// kConfig: nobody is sure and nobody chose, with the question and its answers as text; or what the
/// person typed is no provider. kCancelled: Ctrl-C.
Result<Provider> chosen_provider(const Invocation& invocation, const std::string& address);

/// What the person is asked when nothing decided: what is known, and the choice, one a line.
std::string question_of(const finder::Finding& finding, const manifest::Catalog& catalog);

}  // namespace mail_oauth::cli
