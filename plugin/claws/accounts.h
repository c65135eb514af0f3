// SPDX-License-Identifier: GPL-3.0-or-later
//
// The host's accounts, read into plain values, and the intent stored with each.
//
// Pointers to the host's accounts are never kept: windows and nested loops replace them. Main
// thread only.
#pragma once

#include <optional>
#include <vector>

#include "claws/account_intent.h"
#include "claws/carrying_limits.h"
#include "claws/host.h"
#include "claws/request_match.h"

namespace mail_oauth::claws {

/// "" for NULL.
std::string text_of(const char* maybe_null);

/// The intent of the account: nothing when it has none; kConfig when it cannot be read.
std::optional<Result<AccountIntent>> stored_intent(PrefsAccount* account);

/// Into the live account; the host writes it to disk with its account list.
void store_intent(PrefsAccount* account, const AccountIntent& intent);

AccountView view_of(PrefsAccount* account);
std::vector<AccountView> account_views();

/// Of the running program, not of the one we were built against.
HostVersion running_host();

}  // namespace mail_oauth::claws
