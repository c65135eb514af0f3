// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a libetpan connection is fit to carry a token.
//
// libetpan encrypts but verifies nothing: any certificate passes. So the chain is taken from the
// connection and verified here, before a token exists. The thread that owns the session only.
#pragma once

#include <libetpan/mailstream.h>

#include <string>

#include "base/result.h"
#include "crypto/certificate.h"

namespace mail_oauth::etpan {

struct Peer {
  std::string host;                               ///< The name or address that was asked for.
  int port = 0;                                   ///< 0: not known.
  const crypto::TrustAnchors* anchors = nullptr;  ///< Borrowed. Not needed for a plain connection.
  bool plain_on_loopback = false;  ///< Take loopback without TLS, for tests and tunnels.
};

/// Fails with kTransient, code "certificate", when the chain does not verify for the host and for
/// now (see TrustAnchors::verify); with kConfig, code "no-tls", when the connection is not
/// encrypted or there are no anchors; with kProtocol, code "leftover", when bytes wait to be read:
/// then somebody put answers in before TLS began.
Result<void> check_transport(mailstream* stream, const Peer& peer);

}  // namespace mail_oauth::etpan
