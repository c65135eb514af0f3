// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/read_watch.h"

#include <sys/socket.h>

#include <exception>

#include "base/blocked_signals.h"

namespace mail_oauth::etpan {

ReadWatch::ReadWatch(int socket) : socket_(socket) {
  if (socket_ < 0) return;
  const BlockedSignals blocked;
  try {
    thread_ = std::thread([this] { watch(); });
  } catch (const std::exception&) {
    // No thread to be had: what is left is libetpan's patience for each read.
  }
}

ReadWatch::~ReadWatch() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void ReadWatch::arm(Clock::time_point end) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  end_ = end;
  if (!looks_at_ || end < *looks_at_) changed_.notify_one();
}

void ReadWatch::disarm() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  end_.reset();
}

void ReadWatch::stop_reading() noexcept {
  if (socket_ >= 0) shutdown(socket_, SHUT_RD);
}

void ReadWatch::watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!over_) {
    if (end_ && Clock::now() >= *end_) {
      stop_reading();
      end_.reset();
    }
    looks_at_ = end_;
    if (const auto until = looks_at_) {
      changed_.wait_until(lock, *until);
    } else {
      changed_.wait(lock);
    }
  }
}

}  // namespace mail_oauth::etpan
