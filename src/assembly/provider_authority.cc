// SPDX-License-Identifier: GPL-3.0-or-later
#include <glib.h>

#include "assembly/provider_http.h"
#include "base/cptr.h"

namespace mail_oauth {
namespace {

/// "scheme://host:port" in lower case; empty when `url` is none.
std::string origin_of(const std::string& url) {
  char* scheme = nullptr;
  char* host = nullptr;
  int port = -1;
  if (!g_uri_split_network(url.c_str(), G_URI_FLAGS_PARSE_RELAXED, &scheme, &host, &port,
                           nullptr)) {
    return {};
  }
  const GCharPtr owned_scheme(scheme);
  const GCharPtr owned_host(host);
  const GCharPtr lower(g_ascii_strdown(host, -1));
  const std::string kind = scheme;
  if (port < 0) port = kind == "http" ? 80 : 443;
  return kind + "://" + lower.get() + ":" + std::to_string(port);
}

}  // namespace

std::string authority_for(const std::string& url, const std::vector<Provider>& providers) {
  const std::string origin = origin_of(url);
  if (origin.empty()) return {};
  for (const auto& provider : providers) {
    if (provider.ca_file.empty()) continue;
    const Endpoints& named = provider.endpoints;
    for (const auto* endpoint : {&named.issuer, &named.authorization, &named.token,
                                 &named.device_authorization, &named.revocation}) {
      if (origin_of(*endpoint) == origin) return provider.ca_file;
    }
  }
  return {};
}

}  // namespace mail_oauth
