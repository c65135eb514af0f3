// SPDX-License-Identifier: GPL-3.0-or-later
#include "assembly/broker_home.h"

#include <utility>

#include "desktop/system_clock.h"
#include "manifest/catalog.h"
#include "net/lazy_http_client.h"

namespace mail_oauth {
namespace {

/// Says when the first request is under way.
class TellingHttpClient : public HttpClient {
 public:
  TellingHttpClient(std::unique_ptr<HttpClient> client, std::function<void()> tell)
      : client_(std::move(client)), tell_(std::move(tell)) {}

  Call send(HttpRequest request, Done<HttpAnswer> done) override {
    Call call = client_->send(std::move(request), std::move(done));
    if (const auto tell = std::exchange(tell_, nullptr)) tell();
    return call;
  }

 private:
  std::unique_ptr<HttpClient> client_;
  std::function<void()> tell_;
};

struct BrokerHome {
  BrokerHome(BrokerPlan plan, BrokerObserver observer)
      : folders(std::move(plan.folders)),
        store(plan.open(plan.prompt)),
        quiet_store(plan.open(Prompt::kNever)),
        on_first_request(std::move(plan.on_first_request)),
        broker(parts(std::move(plan.lock_folder), plan.proves_store), std::move(observer)) {}

  BrokerParts parts(std::string lock_folder, bool proves_store) {
    return BrokerParts{[this] { return open_http(); },
                       *store,
                       quiet_store.get(),
                       clock,
                       std::move(lock_folder),
                       [this](const ClientKey& client) { return provider_for(folders, client); },
                       {},
                       true,
                       proves_store};
  }

  Result<HttpClient*> open_http() {
    if (!http) {
      http = std::make_unique<TellingHttpClient>(
          std::make_unique<LazyHttpClient>(http_options_from_environment()), on_first_request);
    }
    return http.get();
  }

  std::vector<std::string> folders;
  SystemClock clock;
  std::unique_ptr<TokenStore> store;
  std::unique_ptr<TokenStore> quiet_store;
  std::function<void()> on_first_request;
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
