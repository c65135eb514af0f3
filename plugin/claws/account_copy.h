// SPDX-License-Identifier: GPL-3.0-or-later
//
// A new account of the host, for a shared mailbox, made after the account that opens it.
//
// The way to the servers is the source's: host names, ports, TLS, certificates, proxy. What is
// about a person (signature, custom headers, default account) stays behind, and so does every
// password. Main thread only.
#pragma once

#include "claws/host.h"
#include "claws/shared_mailbox.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

/// Not yet in the host's list, logging in with a password that does not exist: FieldFollower makes
/// it OAuth. Where it receives by another protocol than the source, the servers are the provider's,
/// else the source's host with the protocol's own port.
///
/// REQUIRES: no account window is open, whose fields the host would overwrite; `source` follows
/// `intent` (intent.saved is there). The host never frees an account: it stays until the end.
PrefsAccount* new_account(const PrefsAccount& source, const AccountIntent& intent,
                          const SharedMailbox& mailbox, const std::string& name,
                          const Provider* provider);

}  // namespace mail_oauth::claws
