// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the person wants of one account: the value of "mail_oauth" in its privacy_prefs.
//
// The value is the intent and the host's own fields follow it (field_follower.h). Its format is
// documented for administrators in docs/claws-account.md. Pure: knows nothing of the host; any
// thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

inline constexpr char kIntentKey[] = "mail_oauth";

/// A server that we put into the host's fields, and what stood there before.
struct ReplacedServer {
  std::string host;
  int port = 0;
  bool set_port = false;  ///< False: the host takes the usual one.
  int tls = 0;            ///< The host's number.
  std::string our_host;   ///< Comes back only where ours still stands: a person may have
  int our_port = 0;       ///< chosen another one since.

  bool operator==(const ReplacedServer&) const = default;
};

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
  /// Under which the passwords are put away, whatever the servers are now. Empty: those of now.
  std::string recv_server;
  std::string smtp_server;
  std::map<Protocol, ReplacedServer> replaced;
  /// The host has a copy of the password for receiving in its place for sending, because it sends
  /// with that name and password and the original is put away.
  bool lent = false;
  /// POP3: the name of the host's list of what it has received (pop_list.h), where that was copied
  /// to another one. It goes back to the old one.
  std::string pop_list;

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
  std::optional<bool> send;  ///< Whether it signs in for sending, too; nothing: see sending.h.
  std::string send_server;   ///< The one for which that was said; empty: the one of then.
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

/// What can be saved from a value that parse_intent() refuses, as one of a newer version: the
/// fields from before, without which turning it off would not be the way back.
std::optional<SavedFields> salvaged_fields(std::string_view text);

/// The value to be stored, unknown keys included.
std::string intent_text(const AccountIntent& intent);

/// Whether both name the same person and the same client. The words alone: where a client is left
/// out, the manifest's may be the one that the other names (request_match.h).
bool share_a_grant(const AccountIntent& one, const AccountIntent& other);

/// Whether the host's fields are not yet as `stored` wants them. `followed`: as they followed last;
/// null when they have not followed anything since the plugin was loaded.
bool awaits_its_turn(const AccountIntent& stored, const AccountIntent* followed);

}  // namespace mail_oauth::claws
