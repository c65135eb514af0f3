// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times of single calls, as the programs of this folder print them: one JSON object a line.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace mail_oauth::bench {

using Steady = std::chrono::steady_clock;

inline std::int64_t nanoseconds_since(Steady::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Steady::now() - start).count();
}

/// Of sorted times; `share` in [0, 1].
inline std::int64_t at_share(const std::vector<std::int64_t>& sorted, double share) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(last * share + 0.5)];
}

/// {"p50": ns, "p99": ns}
inline std::string summary(std::vector<std::int64_t> times) {
  std::sort(times.begin(), times.end());
  return "{\"p50\": " + std::to_string(at_share(times, 0.5)) +
         ", \"p99\": " + std::to_string(at_share(times, 0.99)) + "}";
}

}  // namespace mail_oauth::bench
