// SPDX-License-Identifier: GPL-3.0-or-later
#include "assembly/broker_home.h"

#include <utility>

#include "assembly/provider_http.h"
#include "desktop/system_clock.h"
#include "manifest/catalog.h"

namespace mail_oauth {
namespace {

struct BrokerHome {
  BrokerHome(BrokerPlan plan, BrokerObserver observer)
      : folders(std::move(plan.folders)),
        store(plan.open(plan.prompt)),
        quiet_store(plan.open(Prompt::kNever)),
        broker(parts(std::move(plan.lock_folder)), std::move(observer)) {}

  BrokerParts parts(std::string lock_folder) {
    return BrokerParts{[this] { return open_http(); },
                       *store,
                       quiet_store.get(),
                       clock,
                       std::move(lock_folder),
                       [this](const ClientKey& client) { return provider_for(folders, client); },
                       {},
                       true};
  }

  Result<HttpClient*> open_http() {
    if (!http) http = std::make_unique<ProviderHttpClient>(folders);
    return http.get();
  }

  std::vector<std::string> folders;
  SystemClock clock;
  std::unique_ptr<TokenStore> store;
  std::unique_ptr<TokenStore> quiet_store;
  std::unique_ptr<HttpClient> http;
  Broker broker;
};

}  // namespace

std::shared_ptr<Broker> make_broker(BrokerPlan plan, BrokerObserver observer) {
  auto home = std::make_shared<BrokerHome>(std::move(plan), std::move(observer));
  return std::shared_ptr<Broker>(home, &home->broker);
}

Result<Provider> provider_for(const std::vector<std::string>& folders, const ClientKey& client) {
  auto provider = manifest::Catalog::load_one(folders, client.provider);
  if (!provider) return provider;
  return for_tenant(std::move(*provider), client.tenant);
}

}  // namespace mail_oauth
