// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which account the host's password request is for: it names only user, server, protocol and port.
//
// Pure; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "claws/account_intent.h"
#include "claws/connection_policy.h"
#include "oauth/grant.h"

namespace mail_oauth::claws {

/// One way in or out of an account.
struct Service {
  std::string user;
  std::string server;
  int port = 0;
  ConnectionFacts connection;
  bool speaks_oauth = false;  ///< The host will send what it is given as a bearer token.
};

/// What an account logs in with, whatever the protocol and port.
struct KnownLogin {
  std::string user;
  std::string server;

  bool operator==(const KnownLogin&) const = default;
};

/// What we need to know of one of the host's accounts.
struct AccountView {
  int id = 0;
  std::string name;
  std::string address;
  std::optional<AccountIntent> intent;  ///< Only while it is enabled.
  std::optional<Error> trouble;         ///< Why the intent cannot be read, if there is one.
  std::optional<Service> imap;
  std::optional<Service> pop;
  std::optional<Service> smtp;  ///< Only when it logs in to send.
  std::optional<Service> news;
  std::vector<KnownLogin> before;  ///< Since the host started: its connections may be older.
  /// Just turned on, turned off or set otherwise, and the fields have not followed
  /// (account_gate.h): they may still say OAuth, so that neither a token nor a password may go by
  /// them.
  bool changing = false;
  /// What was decided of sending (sending.h), which need not be what the fields say: an account may
  /// have sent with the host's own OAuth before.
  bool signs_in_to_send = true;

  bool managed() const { return intent || trouble; }
  bool speaks_oauth() const;  ///< In any protocol.
  const std::optional<Service>& service(Protocol protocol) const;
};

/// Under which grant an account that is turned on signs in. kConfig: its provider or client is not
/// known. Asked only where two accounts are compared: what an intent leaves out, a manifest says.
using GrantOf = std::function<Result<GrantKey>(const AccountView& account)>;

/// Whether one token serves both. Where a grant is not known, the words of the intents decide.
bool share_a_grant(const AccountView& one, const AccountView& other, const GrantOf& grant_of);

/// What the host asks for.
struct PasswordQuestion {
  Protocol protocol = Protocol::kImap;
  std::string user;
  std::string server;
  int port = 0;  ///< 0: not known, any.
};

/// The managed account that asks; nothing when the question is for none of them.
///
/// kConfig when another account fits as well and does not use the same grant: the text names both.
/// Two accounts of one grant (a person's own and a shared mailbox that send under one name) get the
/// same token whichever asks, so that they are no contradiction; the one with the worse connection
/// is answered then. kConfig, too, when the account's intent cannot be read, or when only one of
/// two that fit logs in with OAuth. Nobody's while one that fits is changing. Points into
/// `accounts`.
Result<const AccountView*> account_asking(const PasswordQuestion& question,
                                          const std::vector<AccountView>& accounts,
                                          const GrantOf& grant_of);

/// The account that a question may come from although account_asking() found none: it is changing,
/// or the connection is older than they are, or the protocol is none
/// of ours (`protocol` is nothing then: sieve, news). No token may go there, and nobody may be
/// asked for a password that would leave as one. Nothing when it certainly is for nobody managed:
/// an account that is off logs in so, or no managed one has the user. Points into `accounts`.
const AccountView* account_not_ready(const std::optional<Protocol>& protocol,
                                     const PasswordQuestion& question,
                                     const std::vector<AccountView>& accounts);

/// Whether one that fits is changing: neither a token nor a password may go by its fields.
bool fits_one_that_changes(const PasswordQuestion& question,
                           const std::vector<AccountView>& accounts);

/// Whether a token of the account that asks may go to its server: over a safe connection, and to
/// one for sending only where it was decided so. The text is for people.
Result<void> may_get_token(Protocol protocol, const AccountView& account);

/// "imap", "pop3" or "smtp" as the host writes them; nothing for its other protocols.
std::optional<Protocol> protocol_of_request(std::string_view word);

}  // namespace mail_oauth::claws
