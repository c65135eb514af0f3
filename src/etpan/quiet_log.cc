// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/quiet_log.h"

#include <libetpan/libetpan.h>

#include <mutex>

namespace mail_oauth::etpan {

namespace {

std::mutex mutex;
int living = 0;
int before = 0;

}  // namespace

QuietLog::QuietLog() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (living++ == 0) before = mailstream_debug;
  mailstream_debug = 0;
}

QuietLog::~QuietLog() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (--living == 0 && before) mailstream_debug = before;
}

}  // namespace mail_oauth::etpan
