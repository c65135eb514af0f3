// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether an account that signs in does so for sending, too.
//
// Sending is a decision of its own: mail may leave over a relay without a login, or over another
// company's server, which has no business with the provider's tokens. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "claws/account_intent.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

/// Host names, as the account has them.
struct MailRoute {
  std::string receives_at;
  std::string sends_at;
};

/// Whether a manifest names it, in any case.
bool is_the_providers(const std::string& server, const Provider& provider);

/// What holds until somebody says otherwise: where it sends over one of the provider's servers, or
/// over the very server that it receives from.
bool sends_by_default(const MailRoute& route, const std::optional<Provider>& provider);

/// What somebody said of sending over that server. A yes counts for the server that it names: there
/// the token goes, and nobody said so of another one. Nothing: the default holds.
std::optional<bool> said_of_sending(const AccountIntent& intent, const std::string& server);

/// Why nothing is sent where it does not sign in and has the host's own OAuth, whose tokens are put
/// away meanwhile.
std::string own_oauth_words(const std::string& server);

/// `provider`: nothing when its manifest cannot be used just now.
bool signs_in_for_sending(const AccountIntent& intent, const MailRoute& route,
                          const std::optional<Provider>& provider);

}  // namespace mail_oauth::claws
