// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace mail_oauth::cli {

namespace {

Result<void> run_list(const Invocation& invocation) {
  Session session(invocation.providers);
  const auto grants = session.grants();
  if (!grants) return grants.error();
  const auto shown = fitting(*grants, filter_of(invocation.arguments));
  if (invocation.output.json()) {
    Json array = Json::array();
    for (const GrantKey& key : shown) array.append(json_of(key));
    Json object = json_object();
    object.set("grants", std::move(array));
    invocation.output.object(object);
    return {};
  }
  for (const GrantKey& key : shown) invocation.output.data(described(key));
  if (shown.empty()) invocation.output.talk(_("Nobody is signed in."));
  return {};
}

}  // namespace

Command list_command() {
  return {{"list", "", N_("Lists who is signed in. Asks nobody but the keyring."),
           narrowing_options(), 0, 0},
          run_list,
          false};
}

}  // namespace mail_oauth::cli
