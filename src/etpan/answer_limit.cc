// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/answer_limit.h"

#include <algorithm>
#include <map>
#include <memory>
#include <type_traits>

namespace mail_oauth::etpan {

/// A stream's driver with our ways in. Drivers are static tables; ours are never freed: the host
/// may be about to call one from another thread (to cancel) when the limit goes.
struct AnswerLimit::Driver {
  mailstream_low_driver ours;  // first: libetpan hands it back as the stream's driver
  mailstream_low_driver* own;

  static mailstream_low_driver* around(mailstream_low_driver* own) {
    static std::mutex mutex;
    static auto& all = *new std::map<mailstream_low_driver*, std::unique_ptr<Driver>>;
    if (own->mailstream_read == &AnswerLimit::read) return own;
    const std::lock_guard<std::mutex> lock(mutex);
    auto& driver = all[own];
    if (!driver) {
      driver = std::make_unique<Driver>(Driver{*own, own});
      driver->ours.mailstream_read = &AnswerLimit::read;
      driver->ours.mailstream_write = &AnswerLimit::write;
      driver->ours.mailstream_free = &AnswerLimit::free;
    }
    return &driver->ours;
  }

  static mailstream_low_driver& within(mailstream_low* low) noexcept {
    static_assert(std::is_standard_layout_v<Driver>);
    return *reinterpret_cast<Driver*>(low->driver)->own;
  }
};

namespace {

thread_local AnswerLimit* innermost = nullptr;
}  // namespace

std::chrono::seconds host_limit(time_t seconds) {
  return std::chrono::seconds(seconds ? seconds : mailstream_network_delay.tv_sec);
}

AnswerLimit::AnswerLimit(mailstream_low* low, std::chrono::seconds limit)
    : low_(low),
      driver_before_(low->driver),
      timeout_before_(mailstream_low_get_timeout(low)),
      limit_(std::max(limit, host_limit(timeout_before_))),
      end_(Clock::now() + limit_),
      outer_(innermost),
      watch_(mailstream_low_get_fd(low)) {
  low_->driver = Driver::around(driver_before_);
  mailstream_low_set_timeout(low_, limit_.count());
  innermost = this;
}

AnswerLimit::~AnswerLimit() {
  innermost = outer_;
  if (!low_) return;
  low_->driver = driver_before_;
  mailstream_low_set_timeout(low_, timeout_before_);
}

/// This thread's innermost one for the stream; null in another thread.
AnswerLimit* AnswerLimit::of(mailstream_low* low) noexcept {
  AnswerLimit* limit = innermost;
  while (limit && limit->low_ != low) limit = limit->outer_;
  return limit;
}

ssize_t AnswerLimit::read(mailstream_low* low, void* buffer, size_t size) noexcept {
  AnswerLimit* limit = of(low);
  if (!limit) return Driver::within(low).mailstream_read(low, buffer, size);
  if (Clock::now() >= limit->end_) {
    limit->watch_.stop_reading();
    return -1;
  }
  limit->watch_.arm(limit->end_);
  const ssize_t got = Driver::within(low).mailstream_read(low, buffer, size);
  limit->watch_.disarm();
  if (got > 0 || Clock::now() < limit->end_) return got;
  limit->watch_.stop_reading();  // libetpan's own patience may have ended first
  return -1;                     // no end of the answer: what came of a line is none
}

ssize_t AnswerLimit::write(mailstream_low* low, const void* buffer, size_t size) noexcept {
  const ssize_t sent = Driver::within(low).mailstream_write(low, buffer, size);
  for (AnswerLimit* limit = innermost; limit; limit = limit->outer_) {
    if (limit->low_ == low) limit->end_ = Clock::now() + limit->limit_;
  }
  return sent;
}

void AnswerLimit::free(mailstream_low* low) noexcept {
  while (AnswerLimit* limit = of(low)) limit->low_ = nullptr;
  low->driver = &Driver::within(low);
  low->driver->mailstream_free(low);
}

}  // namespace mail_oauth::etpan
