// SPDX-License-Identifier: GPL-3.0-or-later
//
// STARTTLS for libetpan sessions, safe against answers injected before TLS begins.
//
// libetpan 1.9.4 reads what an attacker in the middle sent in clear behind the server's "go ahead"
// as the first answer under TLS (CVE-2020-15953). Debian has the fix, not every build does; and
// what libetpan says then cannot be told from a server that will not. The thread that owns the
// session only.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

struct mailimap;
struct mailpop3;
struct mailsmtp;

struct _mailstream_low;
using mailstream_low = _mailstream_low;

namespace mail_oauth::etpan {

inline constexpr std::chrono::seconds kStartTlsPatience{60};

/// `host` is named to the server (RFC 6066, SNI): some have no certificate of their own for those
/// who do not say whom they want. Empty or an address: not named.
///
/// Asks for TLS and begins it; verifies nothing (login() does). REQUIRES: connected without TLS.
///
/// Fails with kRefused when the server will not (an attacker may have taken the offer away), with
/// kProtocol, code "leftover", when anything follows its "go ahead", with kTransient when the
/// connection breaks or the handshake fails. After a failure the connection is of no more use.
///
/// `patience` is for each answer before TLS, as in Stream; the handshake has the session's own.
Result<void> start_tls(mailimap* session, const std::string& host = {},
                       std::chrono::seconds patience = kStartTlsPatience);
Result<void> start_tls(mailpop3* session, const std::string& host = {},
                       std::chrono::seconds patience = kStartTlsPatience);
/// Says EHLO first, and leaves the next EHLO to login() or the caller (RFC 3207 section 4.2).
Result<void> start_tls(mailsmtp* session, const std::string& host = {},
                       std::chrono::seconds patience = kStartTlsPatience);

/// Begins TLS over a connected, blocking socket that nothing was said on; verifies nothing. The
/// stream owns the socket. Null when the handshake fails or takes longer than `limit` seconds (0:
/// libetpan's own limit).
mailstream_low* begin_tls(int fd, const std::string& host, time_t limit);

}  // namespace mail_oauth::etpan
