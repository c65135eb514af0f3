// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the person wants of one account: the value of "mail_oauth" in its privacy_prefs.
//
// The value is the intent and the host's own fields follow it (field_follower.h). Its format is
// documented for administrators in docs/claws-account.md. Pure: knows nothing of the host; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

inline constexpr char kIntentKey[] = "mail_oauth";

/// The host's fields as they were before the account was turned on, for turning it off again.
struct SavedFields {
  std::string userid;
  std::string smtp_userid;
  bool use_pop_auth = false;
  bool use_smtp_auth = false;
  int imap_auth_method = 0;
  int pop_auth_method = 0;
  int smtp_auth_method = 0;
  int oauth2_provider = 0;

  bool operator==(const SavedFields&) const = default;
};

struct AccountIntent {
  bool enabled = false;
  std::string provider;  ///< The id of a manifest.
  std::string client;    ///< Empty: the one that the manifest's override names.
  std::string tenant;    ///< Empty: the provider's own.
  std::string identity;  ///< Who signs in.
  std::string mailbox;   ///< A shared mailbox's address; empty: the identity's own.
  SaslUser receive_as = SaslUser::kMailbox;  ///< Who is named when receiving from a shared mailbox.
  SaslUser smtp_user = SaslUser::kIdentity;  ///< Who is named when sending from one.
  std::string store = "keyring";             ///< A word of grant_places.h.
  /// Whose sign-in was taken over from the host's own OAuth, to go back when it is turned off.
  std::string taken_over;
  std::optional<SavedFields> saved;  ///< Present exactly while the host's fields follow the intent.
  std::string unknown_fields;        ///< A JSON object with what a newer version wrote, or empty.

  /// The name sent beside the token when receiving, and when sending.
  const std::string& receive_user() const {
    return mailbox.empty() || receive_as == SaslUser::kIdentity ? identity : mailbox;
  }
  const std::string& send_user() const;
};

/// Reads the value. Fails with kConfig, naming the key, when it is no JSON object, is of another
/// version, when a known key has the wrong type or a value outside its words, or when an enabled
/// account lacks its provider or identity, or a name holds a control character.
Result<AccountIntent> parse_intent(std::string_view text);

/// The value to be stored, unknown keys included.
std::string intent_text(const AccountIntent& intent);

/// Whether both sign in as the same person with the same client, so that one token serves both.
bool share_a_grant(const AccountIntent& one, const AccountIntent& other);

}  // namespace mail_oauth::claws
