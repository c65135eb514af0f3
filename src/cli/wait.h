// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiting for asynchronous ports in a program that has nothing else to do. Ctrl-C and SIGTERM end a
// wait with kCancelled. Main thread, default GMainContext.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ports/call.h"

namespace mail_oauth::cli {

class WaitLoop {
 public:
  /// `patience` is shown on a terminal's standard error when it takes longer than a second; may be
  /// empty.
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
