// SPDX-License-Identifier: GPL-3.0-or-later
//
// An access token that the next one who asks would get as well. A value.
#pragma once

#include <vector>

#include "base/secret.h"
#include "oauth/grant.h"
#include "oauth/protocol.h"

namespace mail_oauth {

struct FreshToken {
  AccessToken token;
  WallTime expires_at;
  WallTime received_at;
  std::vector<Protocol> serves;  ///< What its scope covers.
};

}  // namespace mail_oauth
