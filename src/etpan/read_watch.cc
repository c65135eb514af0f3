// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/read_watch.h"

#include <signal.h>
#include <sys/socket.h>

#include <system_error>

namespace mail_oauth::etpan {

ReadWatch::ReadWatch(int socket) : socket_(socket) {
  if (socket_ < 0) return;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the program's own threads
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::system_error&) {
    // No thread to be had: what is left is libetpan's patience for each read.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ReadWatch::~ReadWatch() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void ReadWatch::begin(Clock::time_point end) noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    end_ = end;
  }
  changed_.notify_one();
}

void ReadWatch::pause() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  end_.reset();
}

void ReadWatch::stop_reading() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (socket_ >= 0) shutdown(socket_, SHUT_RD);
}

void ReadWatch::release() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  socket_ = -1;
}

void ReadWatch::watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!over_) {
    if (!end_) {
      changed_.wait(lock);
    } else if (Clock::now() < *end_) {
      changed_.wait_until(lock, *end_);
    } else {
      if (socket_ >= 0) shutdown(socket_, SHUT_RD);
      end_.reset();
    }
  }
}

}  // namespace mail_oauth::etpan
