// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiting for asynchronous ports in a program that has nothing else to do. Ctrl-C, SIGTERM and
// a hang-up end a wait with kCancelled, unless whoever started the program ignores them. Main
// thread, default GMainContext.
#pragma once

#include <glib.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ports/call.h"

namespace mail_oauth::cli {

class WaitLoop {
 public:
  /// `patience` is shown on a terminal's standard error when it takes longer than two seconds; may
  /// be empty.
  explicit WaitLoop(std::string patience);
  ~WaitLoop();
  WaitLoop(const WaitLoop&) = delete;
  WaitLoop& operator=(const WaitLoop&) = delete;

  /// Until quit() or a signal.
  void run();
  void quit();
  /// `patience` is no longer to be shown.
  void calm();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// While one lives, Ctrl-C, SIGTERM and a hang-up between two waits do not end the program: they
/// end the next wait. For what has something to say at its end.
class KeptSignals {
 public:
  KeptSignals();
  ~KeptSignals();
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;

  /// From now on they end no wait that they did not come in.
  void forget();

 private:
  guint sources_[3];
};

/// What a wait for the keyring shows, once in the life of the process.
std::string keyring_patience();
/// It was said that the keyring may be asking the person: the wait that is running, and all that
/// are for the keyring, show nothing any more.
void keyring_was_named();

/// "Stopped." (kCancelled)
Error interrupted();

/// Starts what `begin` starts, and waits for its answer.
template <class T>
Result<T> wait_for(const std::string& patience, const std::function<Call(Done<T>)>& begin) {
  WaitLoop loop(patience);
  std::optional<Result<T>> result;
  const Call call = begin([&result, &loop](Result<T> answer) {
    result.emplace(std::move(answer));
    loop.quit();
  });
  loop.run();
  if (!result) return interrupted();
  return std::move(*result);
}

}  // namespace mail_oauth::cli
