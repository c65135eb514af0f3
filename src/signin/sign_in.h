// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every way to sign in is asked, and what it gives. Values; any thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "oauth/grant.h"
#include "oauth/protocol.h"
#include "oauth/provider.h"

namespace mail_oauth::signin {

struct SignInRequest {
  Provider provider;    ///< From the catalog, as it is.
  ClientKey client;     ///< From chosen_client().
  std::string address;  ///< Who is meant to sign in.
  std::vector<Protocol> protocols;
  std::string metadata_folder;      ///< See MetadataFetcher.
  std::chrono::seconds limit{600};  ///< For the browser; a device code has its own.
};

/// Another identity than `asked` signed in. The answer may come later, from the same context. Where
/// this is empty, another identity is declined.
using ConfirmIdentity = std::function<void(const std::string& asked, const std::string& found,
                                           std::function<void(bool accepted)> decide)>;

struct SignedIn {
  GrantKey key;
  std::vector<Protocol> missing;  ///< Asked for, and not granted.
};

}  // namespace mail_oauth::signin
