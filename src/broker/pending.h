// SPDX-License-Identifier: GPL-3.0-or-later
//
// One open question: a Done<T>, and the context in which it wants its answer.
//
// Made and cancelled on the asker's thread; answered from any thread. The callback is called, and
// freed, on the asker's thread only.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/source.h"
#include "ports/call.h"

namespace mail_oauth {

template <class T>
class Pending : public std::enable_shared_from_this<Pending<T>> {
 public:
  static std::shared_ptr<Pending> of(Done<T> done) {
    return std::shared_ptr<Pending>(new Pending(std::move(done)));
  }

  /// The first answer counts. It is delivered later, never from inside this call.
  void answer(Result<T> result) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (answered_ || cancelled_) return;
      answered_ = true;
      result_.emplace(std::move(result));
    }
    post(context_.get(), [self = this->shared_from_this()] { self->deliver(); });
  }

  void cancel() {
    cancelled_ = true;
    done_ = nullptr;
  }
  bool cancelled() const { return cancelled_; }

 private:
  explicit Pending(Done<T> done) : done_(std::move(done)), context_(current_context()) {}

  void deliver() {
    std::optional<Result<T>> result;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      result.swap(result_);
    }
    const Done<T> done = std::exchange(done_, nullptr);
    if (done && result) done(std::move(*result));
  }

  Done<T> done_;
  MainContextPtr context_;
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;
  bool answered_ = false;
  std::optional<Result<T>> result_;
};

}  // namespace mail_oauth
