// SPDX-License-Identifier: GPL-3.0-or-later
//
// XOAUTH2 and OAUTHBEARER for the Cyrus SASL of this process, so that libetpan's own
// `mailimap_authenticate(..., "XOAUTH2", ...)` works, and mailpop3_auth and mailesmtp_auth_sasl
// with short tokens.
//
// By name only: a program that lets Cyrus choose from the server's list ("PLAIN XOAUTH2") would
// have the person's password sent as a token. login() is the better way in: it verifies the server
// and takes tokens of any length. libetpan's debug log is silent from a mechanism's answer to the
// end of the exchange (quiet_log.h).
//
// Registering: any thread. The mechanisms run on the threads that sign in. There is no way back:
// the code has to stay in memory until the process ends.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::etpan {

/// A token for a user at a server; `service` is "imap", "pop" or "smtp", `host` may be empty.
/// Nothing: the user is not known here, and the application's password is the token. Comes on the
/// thread that signs in, and may block it.
using TokenForUser = std::function<std::optional<Result<AccessToken>>(
    std::string_view user, std::string_view service, std::string_view host)>;

/// Told when the server refused a token of TokenForUser and a new one may help. On the same thread.
using RefusedToken = std::function<void(std::string_view user, std::string_view service,
                                        std::string_view host, std::string_view token)>;

/// Registers both, once; later calls only change where tokens come from. The user is what the
/// application's callback for the authentication name says (where that is empty, the one for the
/// user); the token is what `token` gives, or without it the application's password.
///
/// Theirs win over other plug-ins of the same names, such as KDE's. Fails with kConfig when Cyrus
/// SASL will not take them.
Result<void> register_mechanisms(TokenForUser token = {}, RefusedToken refused = {});

/// Why the last exchange on this thread failed, as far as the mechanisms know: what libetpan makes
/// of it is one number. kConfig: no or unusable user or token, or too long a token for libetpan's
/// POP3 and SMTP calls, which would cut it off (nothing was sent then); kRefused: the server's
/// reason; or what the source of tokens said. Nothing: nothing to say. At the end of a thread and
/// of the process, too.
std::optional<Error> last_mechanism_error();
void forget_mechanism_error();

}  // namespace mail_oauth::etpan
