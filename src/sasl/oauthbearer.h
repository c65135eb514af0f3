// SPDX-License-Identifier: GPL-3.0-or-later
//
// The OAUTHBEARER SASL mechanism (RFC 7628), as bytes in and bytes out.
//
// Nothing here knows of Cyrus SASL, libetpan or sockets. Every function is pure and may be called
// from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::sasl::oauthbearer {

/// Who asks for what, where (section 3.1).
struct Login {
  std::string_view user;
  std::string_view host;  ///< As the person named it; empty: left out.
  int port = 0;           ///< 0: left out.
};

/// What the client owes the server after a refusal (section 3.2.3), before base64.
inline constexpr std::string_view kRefusalAnswer = "\1";

/// Why the server would not take a token (section 3.2.2). The exchange is not over when one
/// arrives: the client answers kRefusalAnswer first.
struct Refusal {
  std::string status;  ///< "invalid_token", "insufficient_scope" ...; fit to be shown.
  std::string scope;   ///< What the server wanted; may be empty. Fit to be shown.
  std::string openid_configuration;  ///< Where it says who gives tokens; an https address or empty.

  bool stale_token() const { return status == "invalid_token"; }
  /// The server could not judge the token at all: Dovecot 2.4's word, and those of RFC 6749.
  bool server_failed() const {
    return status == "internal_failure" || status == "server_error" ||
           status == "temporarily_unavailable";
  }
};

/// Builds the initial client response, before base64: "=" and "," of the user are escaped.
///
/// Fails with kConfig when the user or the token is empty, when anything holds a control character,
/// which would end its field early, or when the port cannot be one.
[[nodiscard]] Result<Secret> initial_response(const Login& login, const AccessToken& token);

/// How many bytes the initial response takes on the wire, in base64. Fails like initial_response.
[[nodiscard]] Result<std::size_t> encoded_size(const Login& login, const AccessToken& token);

/// Reads the JSON challenge that follows a refused token.
///
/// Fails with kProtocol when `challenge` is not an object with a status in words.
[[nodiscard]] Result<Refusal> parse_refusal(std::string_view challenge);

}  // namespace mail_oauth::sasl::oauthbearer
