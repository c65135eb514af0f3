// SPDX-License-Identifier: GPL-3.0-or-later
//
// One open question: a Done<T>, and the context in which it wants its answer. Whoever answers
// later, from another thread, perhaps twice, perhaps never, keeps the contract of ports/call.h by
// this.
//
// Made, watched and cancelled on the asker's thread; answered from any thread. What it holds of the
// asker's is called, and freed, on the asker's thread only.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/source.h"
#include "ports/call.h"

namespace mail_oauth {

template <class T>
class Pending : public std::enable_shared_from_this<Pending<T>> {
 public:
  static std::shared_ptr<Pending> of(Done<T> done) {
    return std::shared_ptr<Pending>(new Pending(std::move(done)));
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  /// The first answer counts. It is delivered later, never from inside this call. Any thread.
  void answer(Result<T> result) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (answered_ || cancelled_) return;
      answered_ = true;
      result_.emplace(std::move(result));
    }
    post(context_.get(), [self = this->shared_from_this()] { self->deliver(); });
  }

  /// Runs `then` after `delay`, unless the answer was delivered or the question cancelled before.
  void after(std::chrono::milliseconds delay, std::function<void()> then) {
    timers_.emplace_back(context_.get(), delay, std::move(then));
  }

  /// For whoever is asked and may never answer: `late` is the answer then.
  void within(std::chrono::milliseconds limit, Error late) {
    after(limit, [weak = this->weak_from_this(), late = std::move(late)] {
      if (const auto self = weak.lock()) self->answer(late);
    });
  }

  /// Runs `then` once, just before the delivery or when cancelled: the place to let go of whoever
  /// was asked.
  void at_end(std::function<void()> then) { at_end_ = std::move(then); }

  /// An answerer for a queue that may end: `otherwise` is the answer when it, and every copy of it,
  /// is gone before it was called.
  Done<T> answerer(Error otherwise) {
    const auto word = std::make_shared<LastWord>(this->shared_from_this(), std::move(otherwise));
    return [word](Result<T> result) { word->question->answer(std::move(result)); };
  }

  /// Cancels when it is dropped.
  Call call() {
    return Call([self = this->shared_from_this()] { self->cancel(); });
  }

  /// Nothing is delivered any more. Harmless after the delivery.
  void cancel() {
    cancelled_ = true;
    end();
    const Done<T> freed = std::exchange(done_, nullptr);  // what it holds may drop other calls
  }
  bool cancelled() const { return cancelled_; }

  /// Neither delivered nor cancelled yet. The asker's thread.
  bool waiting() const { return done_ != nullptr; }

 private:
  struct LastWord {
    LastWord(std::shared_ptr<Pending> asked, Error error)
        : question(std::move(asked)), otherwise(std::move(error)) {}
    LastWord(const LastWord&) = delete;
    LastWord& operator=(const LastWord&) = delete;
    ~LastWord() { question->answer(std::move(otherwise)); }
    std::shared_ptr<Pending> question;
    Error otherwise;
  };

  explicit Pending(Done<T> done) : done_(std::move(done)), context_(current_context()) {}

  void deliver() {
    end();
    std::optional<Result<T>> result;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      result.swap(result_);
    }
    const Done<T> done = std::exchange(done_, nullptr);
    if (done && result) done(std::move(*result));
  }

  void end() {
    timers_.clear();
    if (const auto then = std::exchange(at_end_, nullptr)) then();
  }

  Done<T> done_;
  MainContextPtr context_;
  std::vector<Source> timers_;
  std::function<void()> at_end_;
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;
  bool answered_ = false;
  std::optional<Result<T>> result_;
};

}  // namespace mail_oauth
