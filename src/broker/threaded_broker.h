// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Broker on a thread of its own, for everybody else.
//
// Any thread may ask; answers come in the asker's thread-default context, whose loop has to run
// (wait.h is for threads that have none). What the broker handed out last is answered without its
// thread, as long as it would hand it out again (fresh_tokens.h). The thread, and what `make`
// builds, begin with the first question. Destruction cancels what is open (the askers get
// kCancelled) and takes a few seconds at most, even when a library hangs.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "broker/broker.h"
#include "broker/worker.h"

namespace mail_oauth {

/// Builds a broker and what it needs, on the worker's thread, where both are destroyed too. The
/// observer is to be handed to the Broker. Hold the parts by the pointer's aliasing constructor:
/// `std::shared_ptr<Broker>(parts, &parts->broker)`.
using MakeBroker = std::function<std::shared_ptr<Broker>(BrokerObserver observer)>;

class ThreadedBroker : public TokenSource, public GrantKeeper {
 public:
  /// `observer` is told on the worker's thread.
  explicit ThreadedBroker(MakeBroker make, BrokerObserver observer = {});
  /// Up to three seconds where a refresh token was sent and its answer has to be stored.
  ~ThreadedBroker() override;

  Call token(GrantKey key, Protocol protocol, Done<AccessToken> done) override;
  std::optional<AccessToken> at_hand(const GrantKey& key, Protocol protocol) override;
  /// From its return on nobody is answered with the token, unless the broker decides to.
  void refused(const GrantKey& key, std::string_view token) override;
  Call adopt(Grant grant, Done<void> done) override;
  Call give_up(GrantKey key, Done<std::vector<Grant>> done) override;

  Call store_again(GrantKey key, Done<void> done);

  /// What is lost, or may be, when the process ends now.
  std::vector<Loss> losses() const;
  /// Tries at once to store what is unsaved.
  void save_now();
  /// As the destructor does, for a front that others still hold: their questions are answered with
  /// kCancelled from then on. Any thread; whoever calls it keeps the front. What is lost by it, or
  /// may be; where the thread did not end, what was so last.
  std::vector<Loss> end();
  /// Runs `task` on the worker's thread, as sign-ins want it that share the broker's parts.
  void run(std::function<void(Broker&)> task);

 private:
  struct Home;

  template <class T>
  Call ask(Done<T> done, std::function<Call(Broker&, Done<T>)> start);

  std::shared_ptr<Home> home_;
  Worker worker_;
};

}  // namespace mail_oauth
