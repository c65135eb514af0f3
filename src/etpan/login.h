// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signs a connected libetpan session in with a token.
//
// Connecting, and STARTTLS where it is wanted (start_tls.h), come before. Everything that carries a
// token is spoken here, over the session's public stream: libetpan's own calls cut tokens off,
// send lines that servers refuse, or log them. The thread that owns the session only; it blocks.
//
// Mechanisms: https://developers.google.com/workspace/gmail/imap/xoauth2-protocol, RFC 7628; IMAP
// RFC 4959, POP3 RFC 5034, SMTP RFC 4954.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "etpan/mechanism.h"
#include "etpan/transport.h"
#include "oauth/provider.h"
#include "ports/token_source.h"

struct mailimap;
struct mailpop3;
struct mailsmtp;

namespace mail_oauth::etpan {

/// Where tokens come from: a TokenSource with grant and protocol chosen, and a way to wait for it.
struct Tokens {
  std::function<Result<AccessToken>()> current;  ///< May block.
  /// Told at most once per login: the mail server refused this token, and `current` is asked again.
  /// Empty: a refused token is final.
  std::function<void(std::string_view token)> refused;
};

/// The usual ones. Each wait for `source` ends after 90 s, with kTransient. Not for the thread that
/// the source lives on. Borrows the source.
Tokens tokens_of(TokenSource& source, GrantKey key, Protocol protocol);

struct Login {
  std::string user;  ///< The SASL user: the identity or the mailbox, as the protocol wants it.
  Peer peer;
  Tokens tokens;
  std::vector<Mechanism> preference = {Mechanism::kXoauth2, Mechanism::kOauthbearer};
  /// SMTP: command and response share a line of at most this many bytes (RFC 5321
  /// section 4.5.3.1.4), else the response gets a line of its own.
  std::size_t smtp_line_limit = 512;
  /// So long for every answer, or as long as the host's own limit where that is longer: front
  /// proxies of mail servers take 10 s and more.
  std::chrono::seconds patience{60};
  /// IMAP and POP3: ask for the mailbox once signed in. Exchange Online says OK to a token that
  /// does not fit the user and refuses what follows. SMTP opens no mailbox: what it would refuse is
  /// the sender, whom only the caller knows.
  bool probe = true;
};

/// Takes from the manifest what it says about the wire: `preference` and `smtp_line_limit`. Who
/// signs in where is the caller's to say.
void follow_manifest(Login& login, const Provider& provider);

/// Signs in and says by which mechanism. No token is asked for before the connection passed
/// check_transport(). A token that the server refuses is reported; when `current` then gives
/// another one, that is tried once, over the same connection.
///
/// REQUIRES: connected and not signed in. On success libetpan knows that the session is signed in.
/// On failure the words of the server are where libetpan keeps them; after kRefused without the
/// code "not-connected" the connection can be used again, else it cannot.
///
/// Fails with
/// - kRefused: the server offers no mechanism of `preference`, refused token or user (its words and
///   code are in the error), or took the token and does not open the mailbox ("not-connected").
/// - kTransient: the server says so, the connection broke, or it is for the certificate.
/// - kProtocol: the answer is none of its protocol, or bytes were left over before.
/// - kConfig: no TLS, an unusable user or token, or the session is not connected.
/// - whatever `current` fails with. Only from there does kReauthorize come.
Result<Mechanism> login(mailimap* session, const Login& login);
Result<Mechanism> login(mailpop3* session, const Login& login);
Result<Mechanism> login(mailsmtp* session, const Login& login);

/// What login() does last where `probe` says so: asks for the mailbox of a session that is signed
/// in. kRefused, "not-connected": the token was taken and the mailbox does not open; kTransient,
/// kProtocol as login().
Result<void> open_mailbox(mailimap* session, const std::string& user,
                          std::chrono::seconds patience);
Result<void> open_mailbox(mailpop3* session, const std::string& user,
                          std::chrono::seconds patience);

}  // namespace mail_oauth::etpan
