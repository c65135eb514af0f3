// SPDX-License-Identifier: GPL-3.0-or-later
//
// The host's own OAuth of one account, and whether its sign-in can be ours.
//
// Pure: knows nothing of the host; any thread.
#pragma once

#include <string>
#include <vector>

#include "claws/form_values.h"

namespace mail_oauth::claws {

struct BuiltInSignIn {
  bool used = false;       ///< A protocol of the account logs in with it.
  bool renewable = false;  ///< It holds a refresh token.
  std::string client;      ///< The client id; empty: one that the host has built in.
  std::string user;        ///< The account's user id.
  /// Ids of the providers that have the account's servers: where the token may go.
  std::vector<std::string> providers;
};

/// Whether the host is signed in by itself with something that can be taken over.
bool can_be_taken_over(const BuiltInSignIn& built_in);

/// Whether what the page says fits it: a refresh token goes to nobody but the provider that gave
/// it, and serves its own client only.
bool fits_built_in(const BuiltInSignIn& built_in, const FormValues& form);

}  // namespace mail_oauth::claws
