// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands on the account page, and the intent it makes.
//
// Pure: knows neither GTK nor the host; any thread.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "claws/account_intent.h"

namespace mail_oauth::claws {

struct FormValues {
  bool enabled = false;
  std::string client;
  std::string provider;
  std::string tenant;
  std::string identity;
  bool shared = false;
  std::string mailbox;  ///< Kept while `shared` is off, so that a second click brings it back.
  bool receive_as_identity = false;
  bool send_as_mailbox = false;
  std::string store = "keyring";  ///< A word of grant_places.h.
  bool sends = true;              ///< Signs in for sending, too (sending.h).

  bool operator==(const FormValues&) const = default;
};

/// The field that intent_of() complains of, as the code of its error.
inline constexpr char kProviderField[] = "provider";
inline constexpr char kClientField[] = "client";
inline constexpr char kTenantField[] = "tenant";
inline constexpr char kIdentityField[] = "identity";
inline constexpr char kMailboxField[] = "mailbox";

/// What the page shows for an account without an intent.
struct FormDefaults {
  std::string address;   ///< The account's own.
  std::string client;    ///< The client id that the account has for the host's own OAuth.
  std::string provider;  ///< Found by the address; may be empty.
};

FormValues form_of(const std::optional<AccountIntent>& stored, const FormDefaults& defaults);

/// Blanks around what was typed do not count, and old names of shared mailboxes
/// (explain/old_name.h) are what they mean, in either field. What the page does not show is taken
/// from `stored`. kConfig, naming the field as the page does, when it is turned on and a field is
/// missing or cannot be a name; never when it is turned off.
Result<AccountIntent> intent_of(const FormValues& form, const std::optional<AccountIntent>& stored);

/// The words about an old name that intent_of converted, else nothing.
std::string about_old_names(const FormValues& form);

}  // namespace mail_oauth::claws
