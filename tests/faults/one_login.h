// SPDX-License-Identifier: GPL-3.0-or-later
//
// One login of a host program at a mail server, by libetpan and our login(), as tests describe the
// server in a word. Any thread; each call has a session of its own.
#pragma once

#include <chrono>
#include <string>

#include "broker/threaded_broker.h"
#include "crypto/certificate.h"

namespace mail_oauth::faults {

struct Host {
  GrantKey key;
  const crypto::TrustAnchors& anchors;
  ThreadedBroker& broker;
};

struct Server {
  std::string protocol;
  bool starttls;
  int port;
  std::chrono::seconds patience;
  std::string provider;  ///< Another one than the host's, or empty.
};

/// "PROTOCOL:TLS:PORT:SECONDS[:PROVIDER]": TLS is "tls" or "starttls", SECONDS the host's patience
/// with that server when it is silent.
Server server_of(const std::string& word);

/// Outcome, code and words between tabs. The outcome is "in", the number of an error's kind, or
/// "connect" where libetpan itself did not come so far that a login could begin. No token is told.
std::string sign_in(const Host& host, const Server& server);

}  // namespace mail_oauth::faults
