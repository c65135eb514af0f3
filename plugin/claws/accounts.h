// SPDX-License-Identifier: GPL-3.0-or-later
//
// The host's accounts, read into plain values, and the intent stored with each.
//
// Good at any time: while an account window is open, the values are those from before it, which
// the gate keeps (account_gate.h); the intent is always the newest. Pointers to the host's accounts
// and their strings are never kept: windows and nested loops replace them. Main thread only.
#pragma once

#include <optional>
#include <vector>

#include "claws/account_intent.h"
#include "claws/carrying_limits.h"
#include "claws/host.h"
#include "claws/password_mover.h"
#include "claws/request_match.h"

namespace mail_oauth::claws {

/// "" for NULL.
std::string text_of(const char* maybe_null);

/// The intent of the account: nothing when it has none; kConfig when it cannot be read.
std::optional<Result<AccountIntent>> stored_intent(PrefsAccount* account);

/// As salvaged_fields() of account_intent.h.
std::optional<SavedFields> salvaged_fields(PrefsAccount* account);

/// Into the live account; the host writes it to disk with its account list.
void store_intent(PrefsAccount* account, const AccountIntent& intent);

AccountView view_of(PrefsAccount* account);
std::vector<AccountView> account_views();

/// IMAP or POP3; nothing: news, a local mailbox, or none at all.
std::optional<Protocol> receives_by(const PrefsAccount& account);

/// Under which names its passwords are stored while it is off.
PasswordOwner names_of(PrefsAccount* account);

/// "" when it is gone.
std::string account_name(int account_id);

/// Of the running program, not of the one we were built against.
HostVersion running_host();

}  // namespace mail_oauth::claws
