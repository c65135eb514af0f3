// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is asked before somebody is signed out. Pure: knows neither GTK nor the host; any thread.
#pragma once

#include <string>
#include <vector>

#include "claws/request_match.h"

namespace mail_oauth::claws {

/// Names of those among `accounts` that use the same sign-in, in their order; not that of `id`.
std::vector<std::string> others_with_grant(int id, const AccountIntent& intent,
                                           const std::vector<AccountView>& accounts,
                                           const GrantOf& grant_of);

/// `others`: accounts that lose it, too. `ends_other_devices`: so does every other program of the
/// person.
std::string sign_out_question(const std::string& identity, const std::vector<std::string>& others,
                              bool ends_other_devices);

}  // namespace mail_oauth::claws
