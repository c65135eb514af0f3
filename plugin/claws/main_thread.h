// SPDX-License-Identifier: GPL-3.0-or-later
//
// Work for the host's main thread from any other, which never waits for it.
//
// It is done from the main loop, also from one that runs inside a wait for a token
// (token_wait.h), or, at the end, while the main thread waits for others to finish: then no loop
// runs, and a renewed sign-in has to be stored all the same (rule I2).
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace mail_oauth::claws {

/// Held by shared_ptr: what was posted keeps it.
class MainThread : public std::enable_shared_from_this<MainThread> {
 public:
  /// Any thread. Tasks run in their order; after the end they are dropped.
  void post(std::function<void()> task);

  /// Main thread: runs `work` on a thread of its own, and what is posted meanwhile here. The end:
  /// later tasks are dropped.
  void serve_during(const std::function<void()>& work);

 private:
  void run_next();
  void serve_until_done();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool done_ = false;
  bool ended_ = false;
};

}  // namespace mail_oauth::claws
