// SPDX-License-Identifier: GPL-3.0-or-later
//
// Around the start of a thread: it inherits what is blocked, and a host's signals are for the
// host's own threads. One thread.
#pragma once

#include <signal.h>

namespace mail_oauth {

/// While one lives, its thread takes no signal; then those that it took before, however the scope
/// is left.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace mail_oauth
