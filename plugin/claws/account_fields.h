// SPDX-License-Identifier: GPL-3.0-or-later
//
// The host's fields of one account that say how it logs in, and where: read, written, given back.
//
// Only in a turn of the gate (account_gate.h), when nobody else holds the strings. Main thread
// only.
#pragma once

#include <map>

#include "claws/account_intent.h"
#include "claws/host.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

/// Without the servers.
SavedFields fields_of(const PrefsAccount& account);
void write_fields(PrefsAccount* account, const SavedFields& fields);

/// Remembers what the servers are called where `saved` does not say; true when it did not.
bool name_servers(const PrefsAccount& account, SavedFields& saved);

void write_server(PrefsAccount* account, Protocol protocol, const MailServer& server);

/// Those of the protocols that the account has; what stood there goes into `saved`.
void write_servers(PrefsAccount* account, const std::map<Protocol, MailServer>& servers,
                   SavedFields& saved);
/// Where ours still stand.
void give_servers_back(PrefsAccount* account, const SavedFields& saved);

}  // namespace mail_oauth::claws
