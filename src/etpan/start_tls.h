// SPDX-License-Identifier: GPL-3.0-or-later
//
// STARTTLS for libetpan sessions, safe against answers injected before TLS begins.
//
// libetpan 1.9.4 reads what an attacker in the middle sent in clear behind the server's "go ahead"
// as the first answer under TLS (CVE-2020-15953). Debian has the fix, not every build does; and
// what libetpan says then cannot be told from a server that will not. The thread that owns the
// session only.
#pragma once

#include "base/result.h"

struct mailimap;
struct mailpop3;
struct mailsmtp;

namespace mail_oauth::etpan {

/// Asks for TLS and begins it; verifies nothing (login() does). REQUIRES: connected without TLS.
///
/// Fails with kRefused when the server will not (an attacker may have taken the offer away), with
/// kProtocol, code "leftover", when anything follows its "go ahead", with kTransient when the
/// connection breaks or the handshake fails. After a failure the connection is of no more use.
Result<void> start_tls(mailimap* session);
Result<void> start_tls(mailpop3* session);
/// Says EHLO first, and leaves the next EHLO to login() or the caller (RFC 3207 section 4.2).
Result<void> start_tls(mailsmtp* session);

}  // namespace mail_oauth::etpan
