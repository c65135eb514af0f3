// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an account logs in while it is on, and when it is off again: the host's fields, as values.
//
// What a person writes on the host's own pages is theirs: a field is ours only while it says what
// we have set. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "claws/account_intent.h"

namespace mail_oauth::claws {

/// The host's own numbers for its login methods (account_fields.cc compares them).
inline constexpr int kImapOauth = 256;
inline constexpr int kPopOauth = 2;
inline constexpr int kSmtpOauth = 32;

/// What we set.
struct OurLogin {
  /// IMAP or POP3. Nothing: another way (news), whose name and password are the person's.
  std::optional<Protocol> receives;
  bool sends = false;
  std::string receive_user;
  std::string send_user;
};

OurLogin our_login(const AccountIntent& intent, std::optional<Protocol> receives, bool sends);

/// What of `fields` we have set; they are as nobody has edited them since.
OurLogin login_in(const SavedFields& fields, std::optional<Protocol> receives);

/// `fields` as they have to be while the account is on. `saved`: from before it was.
SavedFields with_login(SavedFields fields, const OurLogin& ours, const SavedFields& saved);

/// Whether it sends with the name, and so with the password, that it receives with when it is off.
bool sends_as_it_receives(const SavedFields& fields, const SavedFields& saved);

/// Where it does not sign in to send, what a person has there is what "as before" is from here on.
/// True when it is something new.
bool learn_sending(const SavedFields& now, SavedFields& saved);

/// `now` as it has to be once the account is off: from before where ours still stands. A login by
/// OAuth goes in any case, for the password comes back that would leave as a token.
SavedFields given_back(const SavedFields& now, const OurLogin& ours, const SavedFields& saved);

}  // namespace mail_oauth::claws
