// SPDX-License-Identifier: GPL-3.0-or-later
#include "assembly/provider_http.h"

#include <utility>

#include "manifest/catalog.h"
#include "net/lazy_http_client.h"

namespace mail_oauth {

Call ProviderHttpClient::send(HttpRequest request, Done<HttpAnswer> done) {
  const std::string authority =
      authority_for(request.url, manifest::Catalog::load(folders_).providers());
  auto& client = clients_[authority];
  if (!client) {
    HttpOptions options = http_options_from_environment();
    options.extra_ca_file = authority;
    client = std::make_unique<LazyHttpClient>(std::move(options));
  }
  return client->send(std::move(request), std::move(done));
}

}  // namespace mail_oauth
