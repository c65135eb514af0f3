// SPDX-License-Identifier: GPL-3.0-or-later
//
// When the machines of a crowd ask their token endpoint, computed with the broker's own schedule.
// The same seed gives the same moments on every machine. Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mail_oauth::reliability {

using std::chrono::seconds;

struct Crowd {
  std::size_t machines = 1'000'000;
  seconds lifetime{3600};  ///< Of their access tokens.
  seconds margin{300};     ///< The provider's refresh_margin.
  std::uint64_t seed = 9;
};

/// Requests by second; 0 is the moment at which all have asked together.
using Requests = std::map<std::int64_t, std::size_t>;

struct Busiest {
  std::size_t requests = 0;  ///< Of the busiest second.
  seconds from{0};           ///< The first second with a request,
  seconds to{0};             ///< and the last.
};

Busiest busiest(const Requests& requests);

/// All got a token in second 0: the `count`th renewal (from 1) of each.
Requests renewals(const Crowd& crowd, int count);

/// All were turned away in second 0: the `count`th attempt after it (from 1) of each. With
/// `retry_after`, the server says so each time.
Requests retries(const Crowd& crowd, int count, std::optional<seconds> retry_after);

}  // namespace mail_oauth::reliability
