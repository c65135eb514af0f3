// SPDX-License-Identifier: GPL-3.0-or-later
//
// Proof Key for Code Exchange (RFC 7636), S256 always, and the `state` value.
// Pure but for the random source of crypto; any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::oauth {

struct Pkce {
  CodeVerifier verifier;  ///< 43 characters, 256 bits (RFC 7636 section 4.1).
  std::string challenge;  ///< BASE64URL(SHA256(verifier)) (section 4.2).
};

/// Fails with kInternal when the system gives no random bytes.
Result<Pkce> new_pkce();

/// The S256 challenge of a verifier.
Result<std::string> challenge_of(const CodeVerifier& verifier);

/// 256 random bits as base64url (RFC 6749 section 10.12); for a nonce, too.
Result<std::string> new_state();

}  // namespace mail_oauth::oauth
