// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the account page says of an account and of its sign-in. Main thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claws/engine.h"
#include "claws/request_match.h"
#include "manifest/catalog.h"
#include "oauth/grant.h"

namespace mail_oauth::claws {

/// "IMAP imap.example.org:993 (TLS), SMTP ..." as the account would have them; empty when it has.
std::string servers_line(const AccountView& account, const Provider& provider);

/// Whether somebody is signed in, until when, and where that is kept. `store`: a word of
/// grant_places.h; `standing`: nothing when nobody is.
std::string standing_words(const GrantKey& key, const std::string& store,
                           const std::optional<Engine::Standing>& standing);

std::string take_over_words(const GrantKey& key);

/// Whose name goes beside the token when sending from a shared mailbox.
bool sends_as_mailbox(const Provider& provider);

/// What would keep tokens from going, as the account is now.
/// `takes_servers`: it gets the provider's, with TLS.
std::vector<std::string> warnings_for(const AccountView& account, const manifest::Catalog& catalog,
                                      const std::optional<Provider>& provider, bool sends,
                                      bool takes_servers);

/// Of a sending server that is neither the provider's nor the one that it receives from.
std::string sending_words(const std::string& server, const std::optional<Provider>& provider,
                          bool sends);

}  // namespace mail_oauth::claws
