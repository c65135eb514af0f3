// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names with which people opened shared mailboxes of Exchange while there were passwords:
// "alice@contoso.com\support", "CONTOSO\alice\support", either with slashes, too. With OAuth one
// signs in as oneself and names the mailbox by its address. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mail_oauth::explain {

struct OldName {
  std::string identity;  ///< Who signs in; empty when the name does not say it in full.
  std::string mailbox;   ///< The shared mailbox; empty likewise.
};

/// What `name` means, or nothing when it has no such form ("CONTOSO\alice", an address, blanks).
/// A part without a domain is taken to be of the other's, else of `domain`.
std::optional<OldName> from_old_name(std::string_view name, std::string_view domain = {});

/// The word about it: what the name was, and what was made of it or what is missing.
std::string old_name_words(std::string_view name, const OldName& meaning);

/// The part behind the "@", or nothing.
std::string_view domain_of(std::string_view address);

}  // namespace mail_oauth::explain
