// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/patience.h"

#include "support/catch.h"
#include "support/manual_clock.h"

using namespace mail_oauth;
using namespace std::chrono_literals;
using capi::Patience;
using testing::ManualClock;

TEST_CASE("each step of a question takes from the same time", "[capi][clock]") {
  ManualClock clock;
  const Patience patience(clock, 10s);
  CHECK(patience.left() == 10s);

  clock.advance(4s);
  CHECK(patience.left() == 6s);
  clock.advance(5999ms);
  CHECK(patience.left() == 1ms);
  clock.advance(2s);
  CHECK(patience.left() == 0ms);
}

TEST_CASE("a question has the time that the header promises", "[capi][clock]") {
  ManualClock clock;

  CHECK(Patience(clock).left() == 90s);
}

TEST_CASE("a suspend counts as time of the question", "[capi][clock]") {
  ManualClock clock;
  const Patience patience(clock, 90s);

  clock.suspend(60s);
  CHECK(patience.left() == 30s);
  clock.suspend(1h);
  CHECK(patience.left() == 0s);
}

TEST_CASE("a question has its time though the wall clock was set", "[capi][clock]") {
  const auto step = GENERATE(as<std::chrono::hours>{}, 2h, -2h, 8760h, -8760h);
  ManualClock clock;
  const Patience patience(clock, 90s);

  clock.step(step);
  CHECK(patience.left() == 90s);
}
