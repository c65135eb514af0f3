// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/threaded_broker.h"

#include <atomic>
#include <thread>

#include "broker/bench.h"
#include "desktop/system_clock.h"
#include "ports/wait.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// An HttpClient that answers every request after a moment, and counts.
class SlowHttpClient : public HttpClient {
 public:
  explicit SlowHttpClient(std::atomic<int>& count) : count_(count) {}
  Call send(HttpRequest, Done<HttpAnswer> done) override {
    const int number = ++count_;
    auto source = std::make_shared<Source>(current_context().get(), 50ms, [done, number] {
      HttpAnswer answer;
      answer.status = 200;
      answer.body = Secret(Bench::tokens("A" + std::to_string(number + 1)));
      done(std::move(answer));
    });
    return Call([source]() mutable { source.reset(); });
  }

 private:
  std::atomic<int>& count_;
};

/// What lives on the worker's thread.
struct Parts {
  Parts(std::atomic<int>& count, const std::string& folder, bool silent,
        std::shared_ptr<MemoryStore::Items> items)
      : http(count), store(std::move(items)) {
    store.silent = silent;
    Grant grant;
    grant.key = kAlice;
    grant.refresh_token = RefreshToken(Secret("R1"));
    grant.token_endpoint = kTokenEndpoint;
    store.put(grant);
    broker = std::make_unique<Broker>(
        BrokerParts{[this]() -> Result<HttpClient*> { return static_cast<HttpClient*>(&http); },
                    store, nullptr, clock, folder,
                    [](const ClientKey&) -> Result<Provider> { return contoso(); }, nullptr, true});
  }
  SystemClock clock;
  SlowHttpClient http;
  MemoryStore store;
  std::unique_ptr<Broker> broker;
};

struct Threaded {
  explicit Threaded(bool silent = false)
      : front(std::make_unique<ThreadedBroker>([this, silent](BrokerObserver) {
          ++made;
          auto parts = std::make_shared<Parts>(requests, folder.path() + "/lock", silent, items);
          return std::shared_ptr<Broker>(parts, parts->broker.get());
        })) {}

  TempFolder folder;
  std::atomic<int> requests = 0;
  std::atomic<int> made = 0;
  std::shared_ptr<MemoryStore::Items> items = std::make_shared<MemoryStore::Items>();
  std::unique_ptr<ThreadedBroker> front;
};

}  // namespace

TEST_CASE("64 threads that want a token cause one renewal", "[broker][threads]") {
  Threaded bench;
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&] {
      const auto token = wait_for_token(*bench.front, kAlice, Protocol::kImap, 20s);
      if (token && token->reveal() == "A2") ++right;
    });
  }
  for (auto& thread : threads) thread.join();

  CHECK(right == 64);
  CHECK(bench.requests == 1);
  CHECK(bench.made == 1);
}

TEST_CASE("nothing starts before the first question", "[broker][threads]") {
  Threaded bench;
  bench.front.reset();

  CHECK(bench.made == 0);
}

TEST_CASE("the answer comes in the asker's context and thread", "[broker][threads]") {
  Threaded bench;
  std::thread::id came_in;
  std::optional<Result<AccessToken>> answer;
  const Call call = bench.front->token(kAlice, Protocol::kImap, [&](Result<AccessToken> result) {
    came_in = std::this_thread::get_id();
    answer.emplace(std::move(result));
  });

  REQUIRE(run_until([&] { return answer.has_value(); }));

  CHECK(came_in == std::this_thread::get_id());
  REQUIRE(answer->has_value());
  CHECK((**answer).reveal() == "A2");
}

TEST_CASE("threads that give up waiting are not called", "[broker][threads]") {
  Threaded bench;
  std::vector<std::thread> threads;
  std::atomic<int> late = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const auto token = wait_for_token(*bench.front, kAlice, Protocol::kImap, 1ms);
      if (!token && token.error().kind == Error::Kind::kTransient) ++late;
    });
  }
  for (auto& thread : threads) thread.join();

  CHECK(late == 16);
}

TEST_CASE("an ending front answers who waits, within bounds", "[broker][threads]") {
  Threaded bench(true);  // the store never answers
  std::optional<Result<AccessToken>> answer;
  const Call call = bench.front->token(kAlice, Protocol::kImap, [&](Result<AccessToken> result) {
    answer.emplace(std::move(result));
  });
  std::atomic<bool> started = false;
  bench.front->run([&](Broker&) { started = true; });
  REQUIRE(run_until([&] { return started.load(); }));

  bench.front.reset();

  REQUIRE(run_until([&] { return answer.has_value(); }));
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().kind == Error::Kind::kCancelled);
}

TEST_CASE("what answers a refresh token is stored even at the end", "[broker][threads]") {
  Threaded bench;
  Call call = bench.front->token(kAlice, Protocol::kImap, [](Result<AccessToken>) {});
  REQUIRE(run_until([&] { return bench.requests == 1; }));
  call.cancel();

  bench.front.reset();

  CHECK(bench.items->grants.at(kAlice).access_token.reveal() == "A2");
}

TEST_CASE("a call may be dropped after its front", "[broker][threads]") {
  Threaded bench(true);
  bool called = false;
  Call call =
      bench.front->token(kAlice, Protocol::kImap, [&](Result<AccessToken>) { called = true; });
  bench.front.reset();
  call.cancel();
  run_until_quiet();

  CHECK_FALSE(called);
}

TEST_CASE("sign-in and sign-out go through the front too", "[broker][threads]") {
  Threaded bench;
  Grant grant;
  grant.key = kAlice;
  grant.refresh_token = RefreshToken(Secret("S1"));
  grant.access_token = AccessToken(Secret("B1"));
  grant.expires_at = std::chrono::system_clock::now() + 1h;
  grant.token_endpoint = kTokenEndpoint;
  std::optional<Result<void>> adopted;
  const Call adoption = bench.front->adopt(
      std::move(grant), [&](Result<void> result) { adopted.emplace(std::move(result)); });
  REQUIRE(run_until([&] { return adopted.has_value(); }));
  CHECK(adopted->has_value());
  CHECK(bench.front->unsaved().empty());
  CHECK(wait_for_token(*bench.front, kAlice, Protocol::kImap, 20s)->reveal() == "B1");
  bench.front->refused(kAlice, "B1");
  CHECK(wait_for_token(*bench.front, kAlice, Protocol::kImap, 20s)->reveal() == "A2");

  std::optional<Result<Grant>> given;
  const Call giving =
      bench.front->give_up(kAlice, [&](Result<Grant> result) { given.emplace(std::move(result)); });
  REQUIRE(run_until([&] { return given.has_value(); }));
  REQUIRE(given->has_value());
  CHECK((**given).refresh_token.reveal() == "S1");
}
