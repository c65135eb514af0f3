// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/threaded_broker.h"

#include <map>
#include <set>
#include <utility>

#include "base/i18n.h"
#include "broker/fresh_tokens.h"

namespace mail_oauth {
namespace {

/// Of the worker's five seconds at the end.
constexpr std::chrono::seconds kLastAnswer{3};

/// What answers a refresh token comes once only, and what is only in memory ends with it. Bounded.
void finish(Broker& broker) {
  const MainContextPtr context = current_context();
  bool too_late = false;
  const Source limit(context.get(), kLastAnswer, [&too_late] { too_late = true; });
  // Twice: what a renewal brought may not have been stored.
  for (int round = 0; round < 2 && !too_late; ++round) {
    broker.save_now();
    while (!too_late && broker.unsettled()) g_main_context_iteration(context.get(), TRUE);
  }
}

Error ending() { return make_error(Error::Kind::kCancelled, _("The program is ending.")); }

}  // namespace

/// Shared with tasks that may outlive the front. `broker` is touched on the worker's thread only.
struct ThreadedBroker::Home {
  MakeBroker make;
  BrokerObserver outer;
  std::shared_ptr<Broker> broker;
  mutable std::mutex mutex;
  std::map<GrantKey, AtEnd> at_end;  ///< As the broker told it last.
  std::multiset<GrantKey> adopting;  ///< From when they are given here until the broker is done.
  std::optional<std::vector<Loss>> lost;  ///< Known once the broker has ended.
  FreshTokens fresh;

  void begin_adoption(const GrantKey& key) {
    const std::lock_guard<std::mutex> lock(mutex);
    adopting.insert(key);
  }
  void end_adoption(const GrantKey& key) {
    const std::lock_guard<std::mutex> lock(mutex);
    adopting.erase(adopting.find(key));
  }

  void set_lost(std::vector<Loss> losses) {
    const std::lock_guard<std::mutex> lock(mutex);
    lost = std::move(losses);
  }
  /// REQUIRES: the mutex.
  std::vector<Loss> losses() const {
    std::map<GrantKey, AtEnd> all = at_end;
    for (const GrantKey& key : adopting) all[key] = AtEnd::kLost;
    std::vector<Loss> losses;
    for (const auto& [key, what] : all) {
      if (what != AtEnd::kKept) losses.push_back({key, what});
    }
    return losses;
  }

  Broker& get() {
    if (!broker) broker = make(observer());
    return *broker;
  }

  BrokerObserver observer() {
    BrokerObserver own = outer;
    own.on_at_end = [this](const GrantKey& key, AtEnd what) {
      const std::lock_guard<std::mutex> lock(mutex);
      at_end[key] = what;
    };
    own.on_fresh = [this](const GrantKey& key, FreshToken token) {
      fresh.keep(key, std::move(token));
    };
    own.on_stale = [this](const GrantKey& key) { fresh.drop(key); };
    return own;
  }
};

ThreadedBroker::ThreadedBroker(MakeBroker make, BrokerObserver observer)
    : home_(std::make_shared<Home>()) {
  home_->make = std::move(make);
  home_->outer = std::move(observer);
}

ThreadedBroker::~ThreadedBroker() { end(); }

std::vector<Loss> ThreadedBroker::end() {
  home_->fresh.end();
  const auto last = [home = home_] {
    if (home->broker) finish(*home->broker);
    home->set_lost(home->broker ? home->broker->losses() : std::vector<Loss>());
    home->broker.reset();
  };
  worker_.stop(last, std::chrono::seconds(5));
  const std::lock_guard<std::mutex> lock(home_->mutex);
  return home_->lost ? *home_->lost : home_->losses();
}

template <class T>
Call ThreadedBroker::ask(Done<T> done, std::function<Call(Broker&, Done<T>)> start) {
  auto open = Pending<T>::of(std::move(done));
  auto call = std::make_shared<Call>();  // Used on the worker's thread only.
  post(*worker_.queue(), [home = home_, open, call, answer = open->answerer(ending()),
                          start = std::move(start)]() mutable {
    if (!open->cancelled()) *call = start(home->get(), std::move(answer));
  });
  return Call([open, call, queue = std::weak_ptr<Worker::Queue>(worker_.queue())] {
    open->cancel();
    if (const auto still = queue.lock()) post(*still, [call] { call->cancel(); });
  });
}

std::optional<AccessToken> ThreadedBroker::at_hand(const GrantKey& key, Protocol protocol) {
  return home_->fresh.find(key, protocol, std::chrono::system_clock::now());
}

Call ThreadedBroker::token(GrantKey key, Protocol protocol, Done<AccessToken> done) {
  if (auto token = at_hand(key, protocol)) {
    auto open = Pending<AccessToken>::of(std::move(done));
    open->answer(std::move(*token));
    return Call([open] { open->cancel(); });
  }
  return ask<AccessToken>(std::move(done), [key = std::move(key), protocol](
                                               Broker& broker, Done<AccessToken> answered) {
    return broker.token(key, protocol, std::move(answered));
  });
}

void ThreadedBroker::refused(const GrantKey& key, std::string_view token) {
  home_->fresh.shut(key);
  run([home = home_, key, copy = std::make_shared<AccessToken>(Secret(token))](Broker& broker) {
    broker.refused(key, copy->reveal());
    home->fresh.open(key);
  });
}

/// Not as ask() does: a caller who leaves takes no sign-in with them, however early.
Call ThreadedBroker::adopt(Grant grant, Done<void> done) {
  auto open = Pending<void>::of(std::move(done));
  home_->begin_adoption(grant.key);
  post(*worker_.queue(), [home = home_, answer = open->answerer(ending()),
                          given = std::make_shared<Grant>(std::move(grant))] {
    const GrantKey key = given->key;
    auto call = std::make_shared<Call>();
    // `call` stays until the answer, for dropping it would hide when the broker is done.
    *call = home->get().adopt(std::move(*given), [home, key, answer, call](Result<void> result) {
      home->end_adoption(key);
      answer(std::move(result));
    });
  });
  return Call([open] { open->cancel(); });
}

Call ThreadedBroker::give_up(GrantKey key, Done<std::vector<Grant>> done) {
  return ask<std::vector<Grant>>(
      std::move(done), [key = std::move(key)](Broker& broker, Done<std::vector<Grant>> answered) {
        return broker.give_up(key, std::move(answered));
      });
}

Call ThreadedBroker::store_again(GrantKey key, Done<void> done) {
  return ask<void>(std::move(done), [key = std::move(key)](Broker& broker, Done<void> answered) {
    return broker.store_again(key, std::move(answered));
  });
}

std::vector<Loss> ThreadedBroker::losses() const {
  const std::lock_guard<std::mutex> lock(home_->mutex);
  return home_->losses();
}

void ThreadedBroker::save_now() {
  run([](Broker& broker) { broker.save_now(); });
}

void ThreadedBroker::run(std::function<void(Broker&)> task) {
  post(*worker_.queue(), [home = home_, task = std::move(task)] { task(home->get()); });
}

}  // namespace mail_oauth
