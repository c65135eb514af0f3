// SPDX-License-Identifier: GPL-3.0-or-later
//
// How asynchronous ports answer.
//
// Contract of every function that takes a Done<T>: it is called exactly once, from the GMainContext
// that was thread-default when the function was called, and never from inside that call. Dropping
// the returned Call cancels, and then Done is never called. A Call is dropped on the thread of that
// context.
#pragma once

#include <functional>
#include <utility>

#include "base/result.h"

namespace mail_oauth {

template <class T>
using Done = std::function<void(Result<T>)>;

class [[nodiscard]] Call {
 public:
  Call() = default;
  explicit Call(std::function<void()> cancel) : cancel_(std::move(cancel)) {}
  Call(Call&& other) noexcept : cancel_(std::exchange(other.cancel_, nullptr)) {}
  Call& operator=(Call&& other) noexcept {
    if (this != &other) {
      cancel();
      cancel_ = std::exchange(other.cancel_, nullptr);
    }
    return *this;
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { cancel(); }

  /// Harmless after the answer and when called twice.
  void cancel() {
    if (auto cancel_once = std::exchange(cancel_, nullptr)) cancel_once();
  }

 private:
  std::function<void()> cancel_;
};

}  // namespace mail_oauth
