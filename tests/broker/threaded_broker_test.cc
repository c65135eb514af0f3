// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/threaded_broker.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "broker/bench.h"
#include "desktop/system_clock.h"
#include "ports/wait.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// An HttpClient that answers every request after a while, and counts.
class SlowHttpClient : public HttpClient {
 public:
  SlowHttpClient(std::atomic<int>& count, std::chrono::milliseconds pause)
      : count_(count), pause_(pause) {}
  Call send(HttpRequest, Done<HttpAnswer> done) override {
    const int number = ++count_;
    auto source = std::make_shared<Source>(current_context().get(), pause_, [done, number] {
      HttpAnswer answer;
      answer.status = 200;
      const std::string next = std::to_string(number + 1);
      answer.body = Secret(Bench::tokens("A" + next, "R" + next));
      done(std::move(answer));
    });
    return Call([source]() mutable { source.reset(); });
  }

 private:
  std::atomic<int>& count_;
  std::chrono::milliseconds pause_;
};

/// What lives on the worker's thread.
struct Parts {
  Parts(std::atomic<int>& count, std::chrono::milliseconds pause, const std::string& folder,
        bool silent, const std::optional<Error>& save_fails,
        std::shared_ptr<MemoryStore::Items> items, BrokerObserver observer)
      : http(count, pause), store(std::move(items)) {
    store.silent = silent;
    store.save_fails = save_fails;
    Grant grant;
    grant.key = kAlice;
    grant.refresh_token = RefreshToken(Secret("R1"));
    grant.token_endpoint = kTokenEndpoint;
    store.put(grant);
    broker = std::make_unique<Broker>(
        BrokerParts{[this]() -> Result<HttpClient*> { return static_cast<HttpClient*>(&http); },
                    store, nullptr, clock, folder,
                    [](const ClientKey&) -> Result<Provider> { return contoso(); }, nullptr, true},
        std::move(observer));
  }
  SystemClock clock;
  SlowHttpClient http;
  MemoryStore store;
  std::unique_ptr<Broker> broker;
};

struct Threaded {
  explicit Threaded(bool silent = false)
      : front(std::make_unique<ThreadedBroker>([this, silent](BrokerObserver told) {
          ++made;
          auto parts = std::make_shared<Parts>(requests, answers_after, folder.path() + "/lock",
                                               silent, save_fails, items, std::move(told));
          return std::shared_ptr<Broker>(parts, parts->broker.get());
        })) {}

  TempFolder folder;
  std::atomic<int> requests = 0;
  std::atomic<int> made = 0;
  // Before the first question:
  std::chrono::milliseconds answers_after = 50ms;
  std::optional<Error> save_fails;
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
  Threaded bench(true);  // the store never answers
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

TEST_CASE("the end tells what is lost, and nothing else", "[broker][threads][I2]") {
  Grant grant;
  grant.key = kAlice;
  grant.refresh_token = RefreshToken(Secret("S1"));
  grant.token_endpoint = kTokenEndpoint;
  Call call;

  SECTION("a sign-in that is stored at the end") {
    Threaded bench;
    call = bench.front->adopt(std::move(grant), [](const Result<void>&) {});
    CHECK(bench.front->end().empty());
    CHECK(bench.items->grants.at(kAlice).refresh_token.reveal() == "S1");
  }
  SECTION("a sign-in that the store did not answer for") {
    Threaded bench(true);
    call = bench.front->adopt(std::move(grant), [](const Result<void>&) {});
    CHECK(bench.front->end() == kLost);
  }
  SECTION("a rotation whose answer comes at the end, and that the store does not take") {
    Threaded bench;
    bench.save_fails = MemoryStore::locked();
    call = bench.front->token(kAlice, Protocol::kImap, [](const Result<AccessToken>&) {});
    REQUIRE(run_until([&] { return bench.requests == 1; }));
    CHECK(bench.front->end() == kLost);
    CHECK(bench.front->end() == kLost);  // as often as one asks
  }
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
  CHECK(bench.front->losses().empty());
  CHECK(wait_for_token(*bench.front, kAlice, Protocol::kImap, 20s)->reveal() == "B1");
  bench.front->refused(kAlice, "B1");
  CHECK(wait_for_token(*bench.front, kAlice, Protocol::kImap, 20s)->reveal() == "A2");

  std::optional<Result<std::vector<Grant>>> given;
  const Call giving = bench.front->give_up(
      kAlice, [&](Result<std::vector<Grant>> result) { given.emplace(std::move(result)); });
  REQUIRE(run_until([&] { return given.has_value(); }));
  REQUIRE(given->has_value());
  REQUIRE((*given)->size() == 1);
  CHECK((*given)->front().refresh_token.reveal() == "R2");
}

namespace {

/// A worker that can do nothing until this goes.
class BusyWorker {
 public:
  explicit BusyWorker(ThreadedBroker& front) {
    front.run([gate = gate_](Broker&) { const std::lock_guard<std::mutex> wait(*gate); });
  }
  ~BusyWorker() { gate_->unlock(); }
  BusyWorker(const BusyWorker&) = delete;
  BusyWorker& operator=(const BusyWorker&) = delete;

 private:
  static std::shared_ptr<std::mutex> locked() {
    auto gate = std::make_shared<std::mutex>();
    gate->lock();
    return gate;
  }
  std::shared_ptr<std::mutex> gate_ = locked();
};

std::string taken(Threaded& bench, std::chrono::milliseconds limit = 20s) {
  const auto token = wait_for_token(*bench.front, kAlice, Protocol::kImap, limit);
  return token ? std::string(token->reveal()) : token.error().code;
}

}  // namespace

TEST_CASE("a sign-in whose refresh token is not answered at the end is named",
          "[broker][threads][I2]") {
  Threaded bench;
  bench.answers_after = 1h;
  const Call call = bench.front->token(kAlice, Protocol::kImap, [](const Result<AccessToken>&) {});
  REQUIRE(run_until([&] { return bench.requests == 1; }));

  SECTION("after it was waited for") { CHECK(bench.front->end() == kMayBeLost); }
  SECTION("where the broker's thread does not end") {
    const BusyWorker busy(*bench.front);
    CHECK(bench.front->end() == kMayBeLost);
  }
}

TEST_CASE("a warm token needs nothing of the broker's thread", "[broker][threads][at_hand]") {
  Threaded bench;
  CHECK_FALSE(bench.front->at_hand(kAlice, Protocol::kImap));
  REQUIRE(taken(bench) == "A2");
  const BusyWorker busy(*bench.front);

  CHECK(taken(bench, 1ms) == "A2");
  bool inside = true;
  std::optional<std::string> later;
  const Call call = bench.front->token(kAlice, Protocol::kSmtp, [&](Result<AccessToken> token) {
    CHECK_FALSE(inside);
    later = token ? std::string(token->reveal()) : token.error().code;
  });
  inside = false;
  REQUIRE(run_until([&] { return later.has_value(); }));
  CHECK(*later == "A2");
  CHECK(bench.requests == 1);
}

TEST_CASE("who drops a call for a warm token is not called", "[broker][threads][at_hand]") {
  Threaded bench;
  REQUIRE(taken(bench) == "A2");
  bool called = false;

  Call call =
      bench.front->token(kAlice, Protocol::kImap, [&](Result<AccessToken>) { called = true; });
  call.cancel();
  run_until_quiet();

  CHECK_FALSE(called);
}

TEST_CASE("a refused token is not handed out while the broker has not heard of it",
          "[broker][threads][at_hand]") {
  Threaded bench;
  REQUIRE(taken(bench) == "A2");
  {
    const BusyWorker busy(*bench.front);
    bench.front->refused(kAlice, "A2");

    CHECK_FALSE(bench.front->at_hand(kAlice, Protocol::kImap));
    CHECK(taken(bench, 1ms) == "time-out");
  }
  CHECK(taken(bench) == "A3");
  CHECK(bench.front->at_hand(kAlice, Protocol::kImap)->reveal() == "A3");
}

TEST_CASE("after a sign-out no token is at hand", "[broker][threads][at_hand]") {
  Threaded bench;
  REQUIRE(taken(bench) == "A2");
  std::optional<Result<std::vector<Grant>>> given;
  const Call giving = bench.front->give_up(
      kAlice, [&](Result<std::vector<Grant>> result) { given.emplace(std::move(result)); });

  REQUIRE(run_until([&] { return given.has_value(); }));

  REQUIRE(given->has_value());
  CHECK_FALSE(bench.front->at_hand(kAlice, Protocol::kImap));
  CHECK(taken(bench) == "no-grant");
}

TEST_CASE("64 threads never get a token after one of them had it refused",
          "[broker][threads][at_hand]") {
  Threaded bench;
  REQUIRE(taken(bench) == "A2");
  std::atomic<bool> refused = false;
  std::atomic<int> dead = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&, i] {
      for (int turn = 0; turn < 40; ++turn) {
        const bool before = refused;
        const std::string token = taken(bench);
        if (before && token == "A2") ++dead;
        if (token != "A2" && token != "A3") ++wrong;
        if (i % 8 == 0 && turn == 20) {
          bench.front->refused(kAlice, "A2");
          refused = true;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();

  CHECK(dead == 0);
  CHECK(wrong == 0);
  CHECK(bench.requests == 2);
  CHECK(taken(bench) == "A3");
}

TEST_CASE("a sign-in counts as unsaved from when it is given until it is stored",
          "[broker][threads][I2]") {
  Threaded bench;
  Grant grant;
  grant.key = kAlice;
  grant.refresh_token = RefreshToken(Secret("S1"));
  grant.token_endpoint = kTokenEndpoint;
  std::optional<Result<void>> adopted;
  Call call;
  {
    const BusyWorker busy(*bench.front);
    call = bench.front->adopt(std::move(grant),
                              [&](Result<void> result) { adopted.emplace(std::move(result)); });
    CHECK(bench.front->losses() == kLost);
  }
  REQUIRE(run_until([&] { return adopted.has_value(); }));

  CHECK(adopted->has_value());
  CHECK(bench.front->losses().empty());
}

TEST_CASE("a sign-in whose caller left counts as unsaved until it is stored",
          "[broker][threads][I2]") {
  Threaded bench(true);  // the store never answers
  Grant grant;
  grant.key = kAlice;
  grant.refresh_token = RefreshToken(Secret("S1"));
  grant.token_endpoint = kTokenEndpoint;
  std::atomic<bool> begun = false;
  Call call = bench.front->adopt(std::move(grant), [](const Result<void>&) {});
  bench.front->run([&](Broker& broker) { begun = !broker.losses().empty(); });
  REQUIRE(run_until([&] { return begun.load(); }));
  call.cancel();

  CHECK(bench.front->losses() == kLost);
}
