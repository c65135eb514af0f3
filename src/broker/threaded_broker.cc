// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/threaded_broker.h"

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

/// Answers for a question that nobody will answer any more.
template <class T>
struct LastWord {
  explicit LastWord(std::shared_ptr<Pending<T>> open) : question(std::move(open)) {}
  LastWord(const LastWord&) = delete;
  LastWord& operator=(const LastWord&) = delete;
  ~LastWord() {
    question->answer(make_error(Error::Kind::kCancelled, _("The program is ending.")));
  }
  std::shared_ptr<Pending<T>> question;
};

}  // namespace

/// Shared with tasks that may outlive the front. `broker` is touched on the worker's thread only.
struct ThreadedBroker::Home {
  MakeBroker make;
  BrokerObserver outer;
  std::shared_ptr<Broker> broker;
  mutable std::mutex mutex;
  std::set<GrantKey> unsaved;
  FreshTokens fresh;

  Broker& get() {
    if (!broker) broker = make(observer());
    return *broker;
  }

  BrokerObserver observer() {
    BrokerObserver own;
    own.on_unsaved = [this](const GrantKey& key, const Error& error) {
      {
        const std::lock_guard<std::mutex> lock(mutex);
        unsaved.insert(key);
      }
      if (outer.on_unsaved) outer.on_unsaved(key, error);
    };
    own.on_saved = [this](const GrantKey& key) {
      {
        const std::lock_guard<std::mutex> lock(mutex);
        unsaved.erase(key);
      }
      if (outer.on_saved) outer.on_saved(key);
    };
    own.on_needs_sign_in = outer.on_needs_sign_in;
    own.on_signed_in = outer.on_signed_in;
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

ThreadedBroker::~ThreadedBroker() {
  home_->fresh.end();
  const auto last = [home = home_] {
    if (home->broker) finish(*home->broker);
    home->broker.reset();
  };
  worker_.stop(last, std::chrono::seconds(5));
}

template <class T>
Call ThreadedBroker::ask(Done<T> done, std::function<Call(Broker&, Done<T>)> start) {
  auto open = Pending<T>::of(std::move(done));
  auto call = std::make_shared<Call>();  // Used on the worker's thread only.
  auto last_word = std::make_shared<LastWord<T>>(open);
  post(*worker_.queue(), [home = home_, open, call, last_word, start = std::move(start)]() mutable {
    if (open->cancelled()) return;
    *call = start(home->get(), [last_word](Result<T> result) {
      last_word->question->answer(std::move(result));
    });
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

Call ThreadedBroker::adopt(Grant grant, Done<void> done) {
  auto given = std::make_shared<Grant>(std::move(grant));
  return ask<void>(std::move(done), [given](Broker& broker, Done<void> answered) {
    return broker.adopt(std::move(*given), std::move(answered));
  });
}

Call ThreadedBroker::give_up(GrantKey key, Done<Grant> done) {
  return ask<Grant>(std::move(done), [key = std::move(key)](Broker& broker, Done<Grant> answered) {
    return broker.give_up(key, std::move(answered));
  });
}

Call ThreadedBroker::store_again(GrantKey key, Done<void> done) {
  return ask<void>(std::move(done), [key = std::move(key)](Broker& broker, Done<void> answered) {
    return broker.store_again(key, std::move(answered));
  });
}

std::vector<GrantKey> ThreadedBroker::unsaved() const {
  const std::lock_guard<std::mutex> lock(home_->mutex);
  return {home_->unsaved.begin(), home_->unsaved.end()};
}

void ThreadedBroker::save_now() {
  run([](Broker& broker) { broker.save_now(); });
}

void ThreadedBroker::run(std::function<void(Broker&)> task) {
  post(*worker_.queue(), [home = home_, task = std::move(task)] { task(home->get()); });
}

}  // namespace mail_oauth
