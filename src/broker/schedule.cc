// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/schedule.h"

#include <algorithm>

namespace mail_oauth::schedule {
namespace {

constexpr seconds kFirstPause{5};
constexpr seconds kLongestPause{900};

seconds part_of(seconds whole, double share) {
  return seconds(static_cast<seconds::rep>(static_cast<double>(whole.count()) * share));
}

}  // namespace

bool lasts(WallTime received_at, WallTime expires_at, WallTime now) {
  return expires_at > now + kLeastLeft && received_at <= now + kClockSlack;
}

bool usable(const Grant& grant, WallTime now) {
  return !grant.access_token.empty() && lasts(grant.received_at, grant.expires_at, now);
}

WallTime ahead_at(WallTime expires_at, std::optional<seconds> lifetime, seconds margin,
                  double jitter) {
  const seconds most = lifetime ? *lifetime / 4 : seconds::max();
  const seconds early = std::min(std::clamp(margin, seconds(0), seconds(86'400)), most);
  return expires_at - (early + part_of(early, jitter));
}

seconds back_off(int failures, std::optional<seconds> retry_after, double jitter) {
  if (retry_after && retry_after->count() > 0) {
    const seconds wish = std::clamp(*retry_after, kFirstPause, kLongestRetryAfter);
    return wish + part_of(wish, 0.5 * jitter);
  }
  const int doublings = std::clamp(failures - 1, 0, 20);
  const seconds whole = std::min(kFirstPause * (1 << doublings), kLongestPause);
  return std::max(whole - part_of(whole, 0.5 * jitter), seconds(1));
}

}  // namespace mail_oauth::schedule
