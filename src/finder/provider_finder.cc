// SPDX-License-Identifier: GPL-3.0-or-later
#include "finder/provider_finder.h"

#include <memory>
#include <utility>

#include "finder/search.h"

namespace mail_oauth::finder {

const char* means_word(Means means) {
  switch (means) {
    case Means::kDomains:
      return "domains";
    case Means::kServerNames:
      return "server_names";
    case Means::kMailExchangers:
      return "mx";
    case Means::kDiscovery:
      return "discovery";
    case Means::kTenants:
      return "tenants";
  }
  return "";
}

ProviderFinder::ProviderFinder(const manifest::Catalog& catalog, DnsResolver& dns, HttpClient& http,
                               Clock& clock)
    : catalog_(catalog), dns_(dns), http_(http), clock_(clock) {}

Call ProviderFinder::find(Sought sought, Done<Finding> done) {
  auto search = std::make_shared<Search>(catalog_, dns_, http_, clock_, std::move(done));
  search->start(sought);
  return Call([search]() mutable { search.reset(); });
}

}  // namespace mail_oauth::finder
