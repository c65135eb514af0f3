// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/main_thread.h"

#include <thread>
#include <utility>

#include "base/guarded.h"
#include "base/source.h"

namespace mail_oauth::claws {

void MainThread::post(std::function<void()> task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_) return;
    tasks_.push_back(std::move(task));
    changed_.notify_all();
  }
  mail_oauth::post(g_main_context_default(), [self = shared_from_this()] { self->run_next(); });
}

/// Nothing, when it was done at the end already.
void MainThread::run_next() {
  std::function<void()> task;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (tasks_.empty()) return;
    task = std::move(tasks_.front());
    tasks_.pop_front();
  }
  guarded("main thread", task);
}

void MainThread::serve_during(const std::function<void()>& work) {
  std::thread thread([this, &work] {
    guarded("end", work);
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
    changed_.notify_all();
  });
  serve_until_done();
  thread.join();
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  tasks_.clear();
}

void MainThread::serve_until_done() {
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return done_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
    }
    run_next();
  }
}

}  // namespace mail_oauth::claws
