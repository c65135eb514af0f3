// SPDX-License-Identifier: GPL-3.0-or-later
//
// Requests with the trust that each provider's manifest asks for.
//
// A manifest may name a private certificate authority. It counts for that provider's own servers
// and for nobody else's, or whoever holds that authority could stand in for any token endpoint.
// Belongs to one thread, as the clients that it makes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "oauth/provider.h"
#include "ports/http_client.h"

namespace mail_oauth {

/// The `ca_file` of the provider whose issuer or endpoint has the origin (scheme, host, port) of
/// `url`; empty when there is none.
std::string authority_for(const std::string& url, const std::vector<Provider>& providers);

class ProviderHttpClient : public HttpClient {
 public:
  /// `folders` hold the manifests, read anew for each request.
  explicit ProviderHttpClient(std::vector<std::string> folders) : folders_(std::move(folders)) {}

  Call send(HttpRequest request, Done<HttpAnswer> done) override;

 private:
  std::vector<std::string> folders_;
  std::map<std::string, std::unique_ptr<HttpClient>> clients_;  ///< By authority file.
};

}  // namespace mail_oauth
