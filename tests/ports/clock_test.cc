// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/clock.h"

#include <array>
#include <vector>

#include "support/catch.h"
#include "support/manual_clock.h"

using namespace mail_oauth;
using namespace std::chrono_literals;
using testing::ManualClock;

TEST_CASE("all who wait for something far away wake at the same moments", "[ports][clock]") {
  using std::chrono::milliseconds;
  const BootTime zero{};
  for (const auto& [now, due, wait] : std::vector<std::array<int, 3>>{
           {0, 61'000, 61'000},  // near: to the end
           {0, 39'999, 39'999},
           {5'000, 67'000, 55'000},  // far: to the beat
           {12'345, 3'600'000, 47'655},
           {58'999, 3'600'000, 1'001},
           {59'000, 3'600'000, 61'000},  // a timer that came early does not come again at once
           {60'000, 3'600'000, 60'000},
           {70'000, 69'000, 0}}) {  // past
    CAPTURE(now, due);
    CHECK(next_piece(zero + milliseconds(due), zero + milliseconds(now)) == milliseconds(wait));
  }
}

TEST_CASE("a wait lasts as long as it should, whatever is done to the wall clock",
          "[ports][clock]") {
  const auto set = GENERATE(as<std::chrono::hours>{}, 0h, 2h, -2h, 8760h, -8760h);
  CAPTURE(set.count());
  ManualClock clock;
  int came = 0;
  const Call wait = wait_until(clock, clock.uptime() + 10min, [&] { ++came; });

  clock.step(set);
  clock.advance(10min - 1ms);
  CHECK(came == 0);
  clock.advance(1ms);

  CHECK(came == 1);
}

TEST_CASE("a wait that a suspend outlasted ends within a beat of waking up", "[ports][clock]") {
  ManualClock clock;
  int came = 0;
  const Call wait = wait_until(clock, clock.uptime() + 8h, [&] { ++came; });

  clock.suspend(9h);
  clock.advance(61s);

  CHECK(came == 1);
}

TEST_CASE("a dropped wait never comes, and one may be dropped from within", "[ports][clock]") {
  ManualClock clock;
  int came = 0;
  Call dropped = wait_until(clock, clock.uptime() + 5min, [&] { ++came; });
  Call within;
  within = wait_until(clock, clock.uptime() + 2min, [&] {
    ++came;
    within.cancel();
  });

  clock.advance(1min);
  dropped.cancel();
  clock.advance(10min);

  CHECK(came == 1);
}
