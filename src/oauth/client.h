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
};

}  // namespace mail_oauth
