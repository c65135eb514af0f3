// SPDX-License-Identifier: GPL-3.0-or-later
//
// One account of the host, read as it stands at this moment.
//
// For accounts.h and account_gate.h alone: while an account window stands applied, the strings of
// its account are freed already, and what is read here is garbage. Main thread only.
#pragma once

#include "claws/host.h"
#include "claws/password_mover.h"
#include "claws/request_match.h"

namespace mail_oauth::claws {

struct LiveAccount {
  AccountView view;     ///< Without its intent.
  PasswordOwner owner;  ///< By the names in its fields.
};

LiveAccount read_live(const PrefsAccount& account);

}  // namespace mail_oauth::claws
