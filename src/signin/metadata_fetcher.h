// SPDX-License-Identifier: GPL-3.0-or-later
//
// A provider's endpoints, fetched from its issuer (RFC 8414) and kept for a day.
//
// The cache holds public data; a damaged, foreign or unwritable one only costs a request. One
// thread's GMainContext.
#pragma once

#include <string>

#include "oauth/metadata.h"
#include "ports/clock.h"
#include "ports/http_client.h"

namespace mail_oauth::signin {

/// The folder of the cache: "$XDG_CACHE_HOME/mail-oauth/metadata".
std::string metadata_folder();

class MetadataFetcher {
 public:
  /// Borrows both. An empty folder: no cache.
  MetadataFetcher(HttpClient& http, Clock& clock, std::string folder);

  /// The provider with what its manifest left open filled in. At once (still through `done`, later)
  /// when nothing is missing.
  ///
  /// kTransient: the issuer could not be reached, or said 5xx or 429. kProtocol: it has no
  /// metadata, or metadata of another issuer. kConfig: an address that may not be asked.
  Call complete(Provider provider, Done<Provider> done);

 private:
  HttpClient& http_;
  Clock& clock_;
  std::string folder_;
};

}  // namespace mail_oauth::signin
