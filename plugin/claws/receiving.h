// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mail for accounts that could not get any until now, once the host is ready to try again.
//
// For some seconds after a failed login over IMAP the host does nothing for the account and says
// nothing (imap.c, last_failure). Main thread only.
#pragma once

#include <glib.h>

#include <vector>

namespace mail_oauth::claws {

/// A login failed just now, or may have.
void login_failed();

/// How long the host would do nothing, in milliseconds; 0: it would try. Stands still over suspend,
/// and the host's own count does not: then it is some seconds more than it has to be.
guint pause_after_failure();

/// As the host's timer does, without windows; not while it is locked or offline. Accounts that are
/// gone by then are left out.
void receive_soon(std::vector<int> account_ids);

}  // namespace mail_oauth::claws
