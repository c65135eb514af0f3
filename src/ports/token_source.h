// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: the one door to access tokens. May be asked from any thread whose default GMainContext
// runs.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "oauth/grant.h"
#include "oauth/protocol.h"
#include "ports/call.h"

namespace mail_oauth {

class TokenSource {
 public:
  virtual ~TokenSource() = default;

  /// A token that serves the protocol and does not expire within seconds. kReauthorize: no grant,
  /// or the token endpoint ended it. kRefused: the grant does not cover the protocol (the text
  /// names it). kTransient, kStorage, kProtocol, kConfig as they come. Never opens a browser.
  virtual Call token(GrantKey key, Protocol protocol, Done<AccessToken> done) = 0;

  /// The token that token() would bring, where that needs no waiting and no other thread; nothing
  /// where it has to be asked. Any thread, with or without a loop.
  virtual std::optional<AccessToken> at_hand(const GrantKey& /*key*/, Protocol /*protocol*/) {
    return std::nullopt;
  }

  /// A mail server refused this token: at most one forced refresh per token, and per grant in an
  /// hour, follows. Whom the new token does not help is refused for another reason.
  virtual void refused(const GrantKey& key, std::string_view token) = 0;
};

}  // namespace mail_oauth
