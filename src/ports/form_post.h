// SPDX-License-Identifier: GPL-3.0-or-later
//
// A form on its way to an endpoint of a provider. Values; any thread.
#pragma once

#include <string>
#include <utility>

#include "oauth/provider.h"
#include "oauth/token_request.h"
#include "ports/http_client.h"

namespace mail_oauth {

/// With the trust that the provider's manifest asks for, and the client's secret in the header
/// where it goes there. `body`: of oauth/token_request.h, for the same client.
inline HttpRequest form_post(const Provider& provider, const Client& client,
                             const std::string& endpoint, Secret body) {
  HttpRequest request;
  request.method = HttpRequest::Method::kPost;
  request.url = endpoint;
  request.body = std::move(body);
  request.authorization = oauth::authorization_header(client);
  request.ca_file = provider.ca_file;
  return request;
}

}  // namespace mail_oauth
