// SPDX-License-Identifier: GPL-3.0-or-later
//
// One thread that runs a GMainContext of its own, started by the first task.
//
// Tasks run one after the other on that thread, which is their thread-default context; none may
// block. post() from any thread; made and destroyed by one owner, never by a task.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace mail_oauth {

class Worker {
 public:
  /// What outlives the Worker for those who may still have something to post.
  class Queue;

  Worker();
  /// Runs `last` on the thread, if there is one, and joins it. A thread that does not end within
  /// `limit` is left behind: the owner does not hang for it.
  void stop(std::function<void()> last, std::chrono::milliseconds limit);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  std::shared_ptr<Queue> queue() const { return queue_; }

 private:
  std::shared_ptr<Queue> queue_;
};

/// Starts the thread where needed. After stop() the task is dropped, not run.
void post(Worker::Queue& queue, std::function<void()> task);

}  // namespace mail_oauth
