// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/mechanism.h"

#include <glib.h>

#include <algorithm>

#include "crypto/digest.h"
#include "sasl/oauthbearer.h"
#include "sasl/xoauth2.h"

namespace mail_oauth::etpan {

std::string_view mechanism_name(Mechanism mechanism) {
  return mechanism == Mechanism::kXoauth2 ? "XOAUTH2" : "OAUTHBEARER";
}

std::optional<Mechanism> choose_mechanism(const std::vector<std::string>& offered,
                                          const std::vector<Mechanism>& preference) {
  for (const Mechanism wanted : preference) {
    const std::string name(mechanism_name(wanted));
    const auto found = std::find_if(offered.begin(), offered.end(), [&](const std::string& word) {
      return g_ascii_strcasecmp(word.c_str(), name.c_str()) == 0;
    });
    if (found != offered.end()) return wanted;
  }
  return std::nullopt;
}

Result<Secret> encoded_response(Mechanism mechanism, const Identity& who,
                                const AccessToken& token) {
  const auto response =
      mechanism == Mechanism::kXoauth2
          ? sasl::initial_response(who.user, token)
          : sasl::oauthbearer::initial_response({who.user, who.host, who.port}, token);
  if (!response) return response.error();
  return crypto::base64(response->reveal());
}

Challenge read_challenge(Mechanism mechanism, std::string_view json) {
  if (mechanism == Mechanism::kXoauth2) {
    const auto refusal = sasl::parse_refusal(json);
    if (!refusal) return {};
    return {refusal->stale_token(), std::to_string(refusal->status), refusal->scope,
            refusal->server_failed()};
  }
  const auto refusal = sasl::oauthbearer::parse_refusal(json);
  if (!refusal) return {};
  return {refusal->stale_token(), refusal->status, refusal->scope, refusal->server_failed()};
}

Challenge read_encoded_challenge(Mechanism mechanism, std::string_view base64) {
  return read_challenge(mechanism, crypto::base64_decoded(base64).value_or(""));
}

std::string_view challenge_answer(Mechanism mechanism) {
  return mechanism == Mechanism::kXoauth2 ? "" : "AQ==";
}

}  // namespace mail_oauth::etpan
