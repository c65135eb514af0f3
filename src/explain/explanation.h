// SPDX-License-Identifier: GPL-3.0-or-later
//
// What went wrong, for a person who knows nothing of OAuth: what happened, who can mend it, what to
// do. Values; any thread.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace mail_oauth::explain {

/// Who can mend it.
enum class Who { kYou, kAdministrator, kProvider, kUs };

/// A stable lower-case word for `--json`, such as "administrator".
const char* who_word(Who who);

struct Explanation {
  std::string id;  ///< Of the row, for support; empty when nothing is known about the error.
  Who who = Who::kYou;
  std::string what;        ///< Translated sentences. Nothing known: those of the error.
  std::string what_to_do;  ///< Translated sentences; empty when the error itself says it.
  std::string link;        ///< https; may be empty.

  bool known() const { return !id.empty(); }
};

/// Among an error's details: the mailbox is not that of the person who signed in. Put there by who
/// opened it, so that it stays with the error on its way to the output.
inline constexpr const char* kSharedMailbox = "shared-mailbox";

/// What the caller knows beyond the error.
struct Situation {
  bool shared_mailbox = false;  ///< The mailbox is not that of the person who signed in.
};

/// Looks the error up by where it is from (`peer`), its details, code and words. Never fails: an
/// error that nobody knows keeps its own words, with the peer's in them.
Explanation explain(const Error& error, const Situation& situation = {});

/// What the command and the plugin show below or behind the error's own words; one line each, none
/// when there is nothing to add.
std::vector<std::string> lines(const Explanation& explanation);

}  // namespace mail_oauth::explain
