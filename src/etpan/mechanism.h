// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two mechanisms behind one face: which one, what it sends, what its refusal means.
//
// Bytes in and bytes out; knows of no socket. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "oauth/mechanism.h"

namespace mail_oauth::etpan {

using mail_oauth::Mechanism;

/// "XOAUTH2" or "OAUTHBEARER".
std::string_view mechanism_name(Mechanism mechanism);

/// The first of `preference` that is among `offered` (any case), or nothing.
std::optional<Mechanism> choose_mechanism(const std::vector<std::string>& offered,
                                          const std::vector<Mechanism>& preference);

/// Who signs in where; borrowed.
struct Identity {
  std::string_view user;
  std::string_view host;
  int port = 0;
};

/// The client's answer in base64. Fails with kConfig when a part is empty or would end its field
/// early.
Result<Secret> encoded_response(Mechanism mechanism, const Identity& who, const AccessToken& token);

/// What a server's challenge after our answer says: always that it will not take the token.
struct Challenge {
  bool stale = true;  ///< A new token may help. True also when the reason cannot be read.
  std::string code;   ///< "401", "invalid_token"; fit to be shown; may be empty.
  std::string scope;  ///< What the server wanted; fit to be shown; may be empty.
  /// The server has a fault of its own, and nothing is said of the token.
  bool passing = false;
};

Challenge read_challenge(Mechanism mechanism, std::string_view json);
/// `base64`: as it came from the wire.
Challenge read_encoded_challenge(Mechanism mechanism, std::string_view base64);

/// The line that the client owes the server then: empty for XOAUTH2, "AQ==" for OAUTHBEARER (RFC
/// 7628 section 3.2.3).
std::string_view challenge_answer(Mechanism mechanism);

}  // namespace mail_oauth::etpan
