// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/worker.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "base/blocked_signals.h"
#include "base/guarded.h"
#include "base/source.h"

namespace mail_oauth {

class Worker::Queue : public std::enable_shared_from_this<Queue> {
 public:
  Queue() : context_(g_main_context_new()) {}

  void add(std::function<void()> task) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_) return;
    if (!thread_.joinable()) start();
    mail_oauth::post(context_.get(), std::move(task));
  }

  void stop(std::function<void()> last, std::chrono::milliseconds limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (std::exchange(stopping_, true) || !thread_.joinable()) return;
    mail_oauth::post(context_.get(), [self = shared_from_this(), last = std::move(last)] {
      if (last) guarded("worker", last);
      const std::lock_guard<std::mutex> inner(self->mutex_);
      self->quit_ = true;
    });
    const bool ended = changed_.wait_for(lock, limit, [this] { return ended_; });
    lock.unlock();
    if (ended) {
      thread_.join();
    } else {
      thread_.detach();
    }
  }

 private:
  /// The host's signals are the host's: the thread takes none.
  void start() {
    const BlockedSignals blocked;
    thread_ = std::thread([self = shared_from_this()] { self->run(); });
  }

  void run() {
    g_main_context_push_thread_default(context_.get());
    while (!has_to_quit()) g_main_context_iteration(context_.get(), TRUE);
    // Last answers that wait for their turn; bounded, for nothing may keep us here.
    for (int i = 0; i < 10'000 && g_main_context_iteration(context_.get(), FALSE); ++i) {
    }
    g_main_context_pop_thread_default(context_.get());
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  bool has_to_quit() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return quit_;
  }

  MainContextPtr context_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
  bool stopping_ = false;
  bool quit_ = false;
  bool ended_ = false;
};

Worker::Worker() : queue_(std::make_shared<Queue>()) {}

void Worker::stop(std::function<void()> last, std::chrono::milliseconds limit) {
  queue_->stop(std::move(last), limit);
}

Worker::~Worker() { queue_->stop(nullptr, std::chrono::seconds(5)); }

void post(Worker::Queue& queue, std::function<void()> task) { queue.add(std::move(task)); }

}  // namespace mail_oauth
