// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request from the caller's side: brings the answer home to the caller's GMainContext.
//
// Knows nothing of HTTP. settle() may come from any thread and race with everything; the rest is
// called on the thread of the context that was thread-default at start(). See ports/call.h.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/source.h"
#include "ports/http_client.h"

namespace mail_oauth::net {

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  static std::shared_ptr<Exchange> start(Done<HttpAnswer> done);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Any thread. The first call decides; `done` follows from the context.
  void settle(Result<HttpAnswer> result);

  /// Runs `then` after `delay` unless the exchange was settled or dropped before.
  void after(std::chrono::milliseconds delay, std::function<void()> then);

  /// Runs `then` once, just before the delivery or when dropped: the place to let go of the
  /// network.
  void at_end(std::function<void()> then) { at_end_ = std::move(then); }

  /// Nothing will be delivered any more.
  void drop();

 private:
  explicit Exchange(Done<HttpAnswer> done);
  void deliver();
  void end();

  const MainContextPtr context_;
  std::mutex mutex_;
  Done<HttpAnswer> done_;
  std::optional<Result<HttpAnswer>> result_;
  bool closed_ = false;
  std::vector<Source> timers_;  ///< This and at_end_: touched on the context's thread only.
  std::function<void()> at_end_;
};

}  // namespace mail_oauth::net
