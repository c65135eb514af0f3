// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands on the host's own pages of an account window, typed a moment ago and not saved yet.
//
// The host has no function for it: its widgets are found by the words beside them, in the language
// that it speaks. What is not found counts as not typed. Main thread only.
#pragma once

#include <optional>
#include <string>

#include "claws/account_defaults.h"
#include "claws/host.h"
#include "claws/request_match.h"

namespace mail_oauth::claws {

struct TypedLink {
  std::optional<SSLType> tls;
  std::optional<int> port;  ///< Only where one is set.
};

struct TypedFields {
  std::optional<std::string> address;
  std::optional<std::string> user;
  std::optional<std::string> receive_server;
  std::optional<std::string> send_server;
  std::optional<int> protocol;  ///< The host's RecvProtocol.
  TypedLink imap;
  TypedLink pop;
  TypedLink smtp;
};

TypedFields typed_fields(GtkWindow* window);

/// The account as it would be with them.
AccountView with_typed(AccountView view, const TypedFields& typed);
AccountSigns with_typed(AccountSigns signs, const TypedFields& typed);

}  // namespace mail_oauth::claws
