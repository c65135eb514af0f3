// SPDX-License-Identifier: GPL-3.0-or-later
//
// Authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0). Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "oauth/provider.h"

namespace mail_oauth::oauth {

/// Where to look, in this order: OpenID's address (appended) and RFC 8414's (inserted,
/// section 3.1).
std::vector<std::string> metadata_urls(std::string_view issuer);

struct Metadata {
  Endpoints endpoints;
  bool sends_iss = false;  ///< authorization_response_iss_parameter_supported (RFC 9207).
  /// Of token_endpoint_auth_methods_supported, client_secret_basic and not client_secret_post; so
  /// also where it says none, for that is the default (section 2).
  bool only_basic = false;
  bool wants_pushed = false;  ///< require_pushed_authorization_requests (RFC 9126).
};

/// Fails with kProtocol when it is not a JSON object, its issuer is not `issuer` byte for byte
/// (section 3.3), an endpoint is missing, or one is neither https nor http on loopback.
Result<Metadata> parse_metadata(std::string_view body, std::string_view issuer);

/// The provider with what its manifest left open taken from the metadata.
Provider completed(Provider provider, const Metadata& metadata);

/// Whether both are at the same scheme, host and port (RFC 6454 section 5).
bool same_origin(std::string_view url, std::string_view other);

/// https, or http on 127.0.0.1, [::1] or localhost; no user, no fragment, no control characters.
bool acceptable_endpoint(std::string_view url);

}  // namespace mail_oauth::oauth
