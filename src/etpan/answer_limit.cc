// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/answer_limit.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

namespace mail_oauth::etpan {

/// A stream's driver with our ways in. Never freed: the host may be about to call it from
/// another thread (to cancel) when the limit goes.
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

  static mailstream_low_driver& within(mailstream_low* low) {
    return *reinterpret_cast<Driver*>(low->driver)->own;
  }
};

namespace {
thread_local AnswerLimit* innermost = nullptr;
}  // namespace

AnswerLimit::AnswerLimit(mailstream_low* low, std::chrono::seconds limit)
    : low_(low),
      driver_before_(low->driver),
      timeout_before_(mailstream_low_get_timeout(low)),
      // 0 means the library's own limit.
      limit_(
          std::max(limit, std::chrono::seconds(timeout_before_ ? timeout_before_
                                                               : mailstream_network_delay.tv_sec))),
      end_(Steady::now() + limit_),
      outer_(innermost) {
  mailstream_low_set_timeout(low_, limit_.count());
  low_->driver = Driver::around(driver_before_);
  innermost = this;
}

AnswerLimit::~AnswerLimit() {
  innermost = outer_;
  if (!low_) return;
  low_->driver = driver_before_;
  mailstream_low_set_timeout(low_, timeout_before_);
}

/// This thread's innermost one for the stream; null in another thread.
AnswerLimit* AnswerLimit::of(mailstream_low* low) {
  AnswerLimit* limit = innermost;
  while (limit && limit->low_ != low) limit = limit->outer_;
  return limit;
}

ssize_t AnswerLimit::read(mailstream_low* low, void* buffer, size_t size) {
  if (const AnswerLimit* limit = of(low)) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(limit->end_ - Steady::now());
    if (left.count() <= 0) return -1;
    mailstream_low_set_timeout(low, left.count());
  }
  return Driver::within(low).mailstream_read(low, buffer, size);
}

ssize_t AnswerLimit::write(mailstream_low* low, const void* buffer, size_t size) {
  if (AnswerLimit* limit = of(low)) {
    mailstream_low_set_timeout(low, limit->limit_.count());
    limit->end_ = Steady::now() + limit->limit_;
  }
  return Driver::within(low).mailstream_write(low, buffer, size);
}

void AnswerLimit::free(mailstream_low* low) {
  while (AnswerLimit* limit = of(low)) limit->low_ = nullptr;
  low->driver = &Driver::within(low);
  low->driver->mailstream_free(low);
}

}  // namespace mail_oauth::etpan
