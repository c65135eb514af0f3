// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps an account's passwords where the host cannot send them as bearer tokens.
//
// An account set to OAuth sends whatever password the host has stored for it as its token, whenever
// nobody answers the password hook: plugin not loaded, refused by a newer host. So while an account
// is managed its entries (passwords, and the tokens of the host's own OAuth) live in this plugin's
// block of the host's password store, and come back when it is turned off. Each is written to its
// new place, and to disk, before the old one is emptied. Names are bound to account id, user and
// server, because the host gives the ids of deleted accounts to new ones. Main thread only; each
// entry costs the host about 60 ms.
#pragma once

#include <string>

#include "claws/account_intent.h"
#include "claws/host.h"
#include "claws/password_block.h"

namespace mail_oauth::claws {

/// Whose entries: the user names as they were before the account was turned on.
struct PasswordOwner {
  int account_id = 0;
  std::string user;
  std::string smtp_user;
  std::string recv_server;
  std::string smtp_server;
};

/// By its names in `fields`.
PasswordOwner password_owner(const PrefsAccount& account, const SavedFields& fields);

/// Moves what the host has stored into our block and wipes the copies of this session. Each copy is
/// read back, and looked for in the file, before its original is emptied. True when all entries
/// were moved; false when one could not be: it is where it was, and the caller must not set the
/// account to OAuth. That the originals are gone from the file, too, the host does not tell. Cheap
/// when there is nothing to move.
bool put_passwords_away(PrefsAccount* account, const PasswordOwner& owner);

/// The way back. What the person stored meanwhile in the host's place is kept.
bool bring_passwords_back(const PasswordOwner& owner);

/// What put_passwords_away() put away of that name (PWS_ACCOUNT_...); null when there is nothing,
/// or the primary passphrase is not given.
PasswordPtr put_away_entry(const PasswordOwner& owner, const char* entry);

/// Wipes and frees the passwords that the host remembers for this session.
void wipe_session_passwords(PrefsAccount* account);

}  // namespace mail_oauth::claws
