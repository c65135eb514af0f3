// SPDX-License-Identifier: GPL-3.0-or-later
//
// Blocking work as an asynchronous port: in a thread of its own, its answer in the asker's context.
#pragma once

#include <glib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "base/guarded.h"
#include "base/i18n.h"
#include "base/source.h"
#include "ports/call.h"

namespace mail_oauth::cmdstore {

/// Nobody waits for the answer any more. May be asked, and polled for, by any thread.
class Stop {
 public:
  Stop() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Stop() {
    if (event_ >= 0) close(event_);
  }
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  void request() {
    stopped_ = true;
    const std::uint64_t one = 1;
    if (event_ >= 0 && write(event_, &one, sizeof one) < 0) return;  // the flag will do
  }
  bool requested() const { return stopped_; }
  /// Readable once it is requested; -1: there is none.
  int fd() const { return event_; }

 private:
  std::atomic<bool> stopped_{false};
  int event_;
};

template <class T>
using Work = std::function<Result<T>(const Stop& stop)>;

/// Runs `work`. Dropping the Call requests the stop and drops the answer; `work` ends when it sees
/// fit.
template <class T>
Call in_background(Work<T> work, Done<T> done) {
  struct Job {
    MainContextPtr context;
    Work<T> work;
    Done<T> done;
    std::shared_ptr<Stop> stop;
  };
  auto stop = std::make_shared<Stop>();
  auto* job = new Job{current_context(), std::move(work), std::move(done), stop};
  const auto run = [](gpointer data) -> gpointer {
    guarded("store thread", [data] {
      std::unique_ptr<Job> mine(static_cast<Job*>(data));
      auto result = std::make_shared<Result<T>>(mine->work(*mine->stop));
      GMainContext* context = mine->context.get();
      g_main_context_ref(context);
      const MainContextPtr kept(context);
      std::shared_ptr<Job> handed = std::move(mine);  // ends where it began: in the context
      post(context, [handed = std::move(handed), result] {
        if (!handed->stop->requested()) handed->done(std::move(*result));
      });
    });
    return nullptr;
  };
  GThread* thread = g_thread_try_new("mail-oauth-store", run, job, nullptr);
  if (thread) {
    g_thread_unref(thread);
  } else {
    std::shared_ptr<Job> failed(job);
    post(failed->context.get(), [failed] {
      if (failed->stop->requested()) return;
      failed->done(make_error(Error::Kind::kStorage, _("No thread could be started."), "thread"));
    });
  }
  return Call([stop] { stop->request(); });
}

}  // namespace mail_oauth::cmdstore
