// SPDX-License-Identifier: GPL-3.0-or-later
#include "reliability/crowd.h"

#include <algorithm>
#include <random>

#include "broker/schedule.h"

namespace mail_oauth::reliability {
namespace {

/// std::uniform_real_distribution differs between libraries; this does not.
class Jitter {
 public:
  explicit Jitter(std::uint64_t seed) : engine_(seed) {}
  double operator()() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

 private:
  std::mt19937_64 engine_;
};

template <class Step>
Requests walk(const Crowd& crowd, int count, Step step) {
  Jitter jitter(crowd.seed);
  Requests requests;
  for (std::size_t machine = 0; machine < crowd.machines; ++machine) {
    seconds at{0};
    for (int number = 1; number <= count; ++number) at = step(at, number, jitter());
    ++requests[at.count()];
  }
  return requests;
}

}  // namespace

Busiest busiest(const Requests& requests) {
  Busiest found;
  for (const auto& [second, count] : requests) found.requests = std::max(found.requests, count);
  if (requests.empty()) return found;
  found.from = seconds(requests.begin()->first);
  found.to = seconds(requests.rbegin()->first);
  return found;
}

Requests renewals(const Crowd& crowd, int count) {
  return walk(crowd, count, [&](seconds at, int, double jitter) {
    const WallTime ends{at + crowd.lifetime};
    const WallTime due = schedule::ahead_at(ends, crowd.lifetime, crowd.margin, jitter);
    return std::chrono::duration_cast<seconds>(due.time_since_epoch());
  });
}

Requests retries(const Crowd& crowd, int count, std::optional<seconds> retry_after) {
  return walk(crowd, count, [&](seconds at, int number, double jitter) {
    return at + schedule::back_off(number, retry_after, jitter);
  });
}

}  // namespace mail_oauth::reliability
