// SPDX-License-Identifier: GPL-3.0-or-later
//
// The XOAUTH2 SASL mechanism, as bytes in and bytes out.
//
// Nothing here knows of Cyrus SASL, libetpan or sockets: others move the bytes. Every function is
// pure and may be called from any thread.
//
// Wire format: https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::sasl {

/// Why the server would not take a token. The exchange is not over when one arrives: the client
/// owes the server one empty response first.
struct Refusal {
  int status = 0;     ///< As in HTTP: 400 and 401 mean a stale token.
  std::string scope;  ///< What the server wanted; empty when it did not say. Fit to be shown.

  bool stale_token() const { return status == 400 || status == 401; }
  /// The server could not judge the token at all (Dovecot 2.4: 500).
  bool server_failed() const { return status >= 500 && status <= 599; }
};

/// Builds the initial client response, before base64.
///
/// Fails with kConfig when `user` or `token` is empty or holds a control character: a ^A in either
/// would end its field early, and let whoever chose the value add fields of their own.
[[nodiscard]] Result<Secret> initial_response(std::string_view user, const AccessToken& token);

/// How many bytes the initial response takes on the wire, in base64: for hosts that cannot carry
/// any length.
[[nodiscard]] std::size_t encoded_size(std::string_view user, const AccessToken& token);

/// Reads the JSON challenge that follows a refused token.
///
/// Fails with kProtocol when `challenge` is not an object with a numeric status of three digits.
[[nodiscard]] Result<Refusal> parse_refusal(std::string_view challenge);

}  // namespace mail_oauth::sasl
