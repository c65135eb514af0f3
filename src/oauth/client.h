// SPDX-License-Identifier: GPL-3.0-or-later
//
// The registered application that asks for tokens. Never somebody else's: the person, the
// administrator or the distributor sets it.
#pragma once

#include "base/secret.h"
#include "oauth/grant.h"

namespace mail_oauth {

struct Client {
  ClientKey key;
  ClientSecret secret;  ///< Empty for public clients.
  /// The secret goes into the header, and not into the form: client_secret_basic.
  bool basic = false;
};

}  // namespace mail_oauth
