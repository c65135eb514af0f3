// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/exchange.h"

#include <utility>

namespace mail_oauth::net {

std::shared_ptr<Exchange> Exchange::start(Done<HttpAnswer> done) {
  return std::shared_ptr<Exchange>(new Exchange(std::move(done)));
}

Exchange::Exchange(Done<HttpAnswer> done) : context_(current_context()), done_(std::move(done)) {}

void Exchange::settle(Result<HttpAnswer> result) {
  const std::lock_guard lock(mutex_);
  if (closed_ || result_) return;
  result_ = std::move(result);
  post(context_.get(), [self = shared_from_this()] { self->deliver(); });
}

void Exchange::after(std::chrono::milliseconds delay, std::function<void()> then) {
  timers_.emplace_back(context_.get(), delay, std::move(then));
}

void Exchange::deliver() {
  end();
  Done<HttpAnswer> done;
  std::optional<Result<HttpAnswer>> result;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    done = std::exchange(done_, nullptr);
    result = std::exchange(result_, std::nullopt);
  }
  done(*std::move(result));
}

void Exchange::drop() {
  end();
  Done<HttpAnswer> done;  // destroyed outside the lock: what it holds may drop other calls
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    std::swap(done, done_);
  }
}

void Exchange::end() {
  timers_.clear();
  if (const auto then = std::exchange(at_end_, nullptr)) then();
}

}  // namespace mail_oauth::net
