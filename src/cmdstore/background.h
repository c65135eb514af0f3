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
#include "ports/call.h"
#include "ports/pending.h"

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
/// fit. Work that throws is answered, too: kInternal.
template <class T>
Call in_background(Work<T> work, Done<T> done) {
  struct Job {
    Work<T> work;
    std::shared_ptr<Pending<T>> pending;
    std::shared_ptr<Stop> stop;
  };
  auto stop = std::make_shared<Stop>();
  const auto pending = Pending<T>::of(std::move(done));
  auto job = std::make_unique<Job>(Job{std::move(work), pending, stop});
  const auto run = [](gpointer data) -> gpointer {
    guarded("store thread", [data] {
      const std::unique_ptr<Job> mine(static_cast<Job*>(data));
      Result<T> thrown =
          make_error(Error::Kind::kInternal, _("Something went wrong inside."), "thrown");
      mine->pending->answer(
          guarded("store command", std::move(thrown), [&mine] { return mine->work(*mine->stop); }));
    });
    return nullptr;
  };
  GThread* thread = g_thread_try_new("mail-oauth-store", run, job.get(), nullptr);
  if (thread) {
    static_cast<void>(job.release());  // the thread's now
    g_thread_unref(thread);
  } else {
    pending->answer(make_error(Error::Kind::kStorage, _("No thread could be started."), "thread"));
  }
  return Call([stop, pending] {
    pending->cancel();
    stop->request();
  });
}

}  // namespace mail_oauth::cmdstore
