// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be learned about a registered application without a person: requests whose answers are
// documented, with no token and no code of anybody in them.
//
// Judged by the `error` field and the status, never by numbers in texts. Nothing here asks for
// consent, and a device code that comes is left to lapse. One thread's GMainContext.
#pragma once

#include <string>
#include <vector>

#include "oauth/client.h"
#include "oauth/provider.h"
#include "ports/http_client.h"

namespace mail_oauth::signin {

/// What an answer says about the client.
enum class Verdict { kAccepted, kRefused, kUnclear };

/// A word for `--json`: "accepted", "refused" or "unclear".
const char* verdict_word(Verdict verdict);

struct Probe {
  enum class Request { kRefresh, kDevice, kAuthorization };
  Request request = Request::kRefresh;
  Verdict verdict = Verdict::kUnclear;
  std::string shows;  ///< A translated sentence.
  Error error;        ///< What the provider said: its code and correlation id; may be empty.
};

/// A word for `--json`: "refresh", "device_authorization" or "authorization".
const char* request_word(Probe::Request request);

struct ClientReport {
  std::vector<Probe> probes;
  std::vector<std::string> unchecked;  ///< What nobody can know without signing in, translated.

  /// Somebody refused the client.
  bool refused() const;
};

/// REQUIRES: tenant and metadata filled in. Borrows only `http`.
///
/// A provider that cannot be reached makes an unclear probe. kConfig: the provider has no scopes;
/// kInternal: no random bytes.
Call check_client(HttpClient& http, Provider provider, Client client, Done<ClientReport> done);

}  // namespace mail_oauth::signin
