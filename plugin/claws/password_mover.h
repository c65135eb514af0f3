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

#include <optional>
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

/// By the names in `saved`; its servers are those of `now` where it does not say.
PasswordOwner password_owner(const PasswordOwner& now, const SavedFields& saved);

/// Which of its entries are meant; those of the host's own OAuth always are.
struct Entries {
  bool receiving = true;
  bool sending = true;
  bool lent = false;  ///< What was lent for sending is renewed when what it was lent from is.
};

/// Moves what the host has stored into our block. Each copy is read back, and looked for in the
/// file, before its original is emptied. True when all entries were moved; false when one could not
/// be: it is where it was, and the caller must not set the account to OAuth. That the originals are
/// gone from the file, too, the host does not tell. Cheap when there is nothing to move.
bool put_passwords_away(const PasswordOwner& owner, Entries entries = {});

/// The way back. What the person stored meanwhile in the host's place is kept.
bool bring_passwords_back(const PasswordOwner& owner);
/// The password of that name (PWS_ACCOUNT_...) alone.
bool bring_password_back(const PasswordOwner& owner, const char* entry);

/// For an account that sends with the name and password it receives with: as that one is put away,
/// the host gets a copy for sending, if it has none. False when it could not get it.
bool lend_password_for_sending(const PasswordOwner& owner);
/// Whether there is something to lend.
bool can_lend_password(const PasswordOwner& owner);
/// Whether what the host has for sending is what was lent, and not a person's own; nothing when it
/// has none, or one of them cannot be read.
std::optional<bool> is_lent_password(const PasswordOwner& owner);
void take_lent_password_back(int account_id);

/// What put_passwords_away() put away of that name (PWS_ACCOUNT_...); null when there is nothing,
/// or the primary passphrase is not given.
PasswordPtr put_away_entry(const PasswordOwner& owner, const char* entry);

/// Whether the host has something of its own to log in with when nobody answers it. `sends`: over
/// SMTP.
bool has_password_of_its_own(const PrefsAccount& account, const PasswordOwner& now, bool sends);

/// Wipes those passwords that the host remembers for this session. `window_is_open`: an account
/// window has copies of the pointers, and puts them back when it ends, so nothing is freed.
void wipe_session_passwords(PrefsAccount* account, Entries entries, bool window_is_open);

}  // namespace mail_oauth::claws
