// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/pkce.h"

#include <utility>

#include "base/secret_arena.h"
#include "codec/base64url.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::size_t kRandomBytes = 32;  // 256 bits, 43 characters

}  // namespace

Result<Pkce> new_pkce() {
  const auto random = crypto::random_bytes(kRandomBytes);
  if (!random) return random.error();
  std::string text = base64url(random->reveal());
  Pkce pkce;
  pkce.verifier = CodeVerifier(Secret(text));
  wipe(text.data(), text.size());
  auto challenge = challenge_of(pkce.verifier);
  if (!challenge) return challenge.error();
  pkce.challenge = *std::move(challenge);
  return pkce;
}

Result<std::string> challenge_of(const CodeVerifier& verifier) {
  const auto digest = crypto::sha256(verifier.reveal());
  if (!digest) return digest.error();
  return base64url(*digest);
}

Result<std::string> new_state() {
  const auto random = crypto::random_bytes(kRandomBytes);
  if (!random) return random.error();
  return base64url(random->reveal());
}

}  // namespace mail_oauth::oauth
