// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_token THREADS CALLS: a fresh token from a warm broker, on threads of their own, and beside
// it the least that such a thing could cost: a copy of the same bytes under one mutex. Both in
// turn, in blocks.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "bench/timing.h"
#include "broker/threaded_broker.h"
#include "desktop/system_clock.h"
#include "ports/wait.h"
#include "support/memory_store.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using namespace mail_oauth::bench;

namespace {

constexpr int kBlocks = 10;
const GrantKey kAlice{{"contoso", "client", ""}, "alice@contoso.test"};

Provider contoso() {
  Provider provider;
  provider.id = "contoso";
  provider.endpoints.token = "https://login.contoso.test/token";
  provider.scopes.mail[Protocol::kImap] = {"mail"};
  return provider;
}

Grant fresh_grant() {
  Grant grant;
  grant.key = kAlice;
  grant.refresh_token = RefreshToken(Secret("refresh"));
  grant.access_token = AccessToken(Secret(std::string(2500, 't')));
  grant.expires_at = std::chrono::system_clock::now() + std::chrono::hours(1);
  grant.scope = "mail";
  grant.token_endpoint = contoso().endpoints.token;
  return grant;
}

struct Parts {
  Parts(const std::string& folder, BrokerObserver observer) {
    store.put(fresh_grant());
    broker = std::make_unique<Broker>(
        BrokerParts{
            []() -> Result<HttpClient*> { return make_error(Error::Kind::kInternal, "not fresh"); },
            store, nullptr, clock, folder,
            [](const ClientKey&) -> Result<Provider> { return contoso(); }, nullptr, true},
        std::move(observer));
  }
  SystemClock clock;
  testing::MemoryStore store;
  std::unique_ptr<Broker> broker;
};

/// The times of `calls` calls on each of `threads` threads.
template <class Take>
std::vector<std::int64_t> timed(int threads, int calls, Take take) {
  std::vector<std::vector<std::int64_t>> times(static_cast<std::size_t>(threads));
  std::vector<std::thread> running;
  for (auto& own : times) {
    running.emplace_back([&own, calls, take] {
      own.reserve(static_cast<std::size_t>(calls));
      for (int i = 0; i < calls; ++i) {
        const auto start = Steady::now();
        const std::size_t size = take();
        own.push_back(nanoseconds_since(start));
        if (size != 2500) std::abort();
      }
    });
  }
  for (auto& thread : running) thread.join();
  std::vector<std::int64_t> all;
  for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
  return all;
}

void append(std::vector<std::int64_t>& all, const std::vector<std::int64_t>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  const int threads = std::atoi(words[1]);
  const int calls = std::atoi(words[2]);
  const testing::TempFolder folder;
  ThreadedBroker broker([&](BrokerObserver told) {
    auto parts = std::make_shared<Parts>(folder.path() + "/lock", std::move(told));
    return std::shared_ptr<Broker>(parts, parts->broker.get());
  });
  const auto ask = [&broker] {
    const auto token =
        wait_for_token(broker, kAlice, Protocol::kImap, std::chrono::milliseconds(20'000));
    return token ? token->size() : 0;
  };
  std::mutex mutex;
  const Grant grant = fresh_grant();
  const auto copy = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    return grant.access_token.duplicate().size();
  };
  timed(threads, calls / 10 + 1, ask);
  timed(threads, calls / 10 + 1, copy);
  std::vector<std::int64_t> asked;
  std::vector<std::int64_t> copied;
  for (int block = 0; block < kBlocks; ++block) {
    append(asked, timed(threads, calls / kBlocks + 1, ask));
    append(copied, timed(threads, calls / kBlocks + 1, copy));
  }
  std::cout << "{\"broker\": " << summary(asked) << ", \"mutex\": " << summary(copied) << "}\n";
  return 0;
}
