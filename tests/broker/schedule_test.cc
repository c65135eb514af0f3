// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/schedule.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace std::chrono_literals;

TEST_CASE("back-off doubles to a quarter of an hour, jitter takes up to half", "[schedule]") {
  CHECK(schedule::back_off(1, std::nullopt, 0) == 5s);
  CHECK(schedule::back_off(2, std::nullopt, 0) == 10s);
  CHECK(schedule::back_off(3, std::nullopt, 0.5) == 15s);
  CHECK(schedule::back_off(9, std::nullopt, 0) == 900s);
  CHECK(schedule::back_off(1'000'000, std::nullopt, 0) == 900s);
  CHECK(schedule::back_off(1, std::nullopt, 0.999) >= 2s);
}

TEST_CASE("the peer's wish replaces the back-off, within bounds", "[schedule]") {
  CHECK(schedule::back_off(9, 30s, 0) == 30s);
  CHECK(schedule::back_off(1, 0s, 0) == 5s);
  CHECK(schedule::back_off(1, 1s, 0) == 5s);
  CHECK(schedule::back_off(1, 86'400s, 0) == 3600s);
}

TEST_CASE("whom the peer sent away together come back apart, never early", "[schedule]") {
  CHECK(schedule::back_off(1, 60s, 0.5) == 75s);
  CHECK(schedule::back_off(1, 60s, 0.999) == 89s);
}

TEST_CASE("renewal is due a margin ahead and doubled by jitter, half the lifetime at most",
          "[schedule]") {
  const WallTime end{10'000s};
  CHECK(schedule::ahead_at(end, 3600s, 300s, 0) == end - 300s);
  CHECK(schedule::ahead_at(end, 3600s, 300s, 0.5) == end - 450s);
  CHECK(schedule::ahead_at(end, 300s, 300s, 0) == end - 75s);  // else all come at half of it
  CHECK(schedule::ahead_at(end, 300s, 300s, 0.999) == end - 149s);
  CHECK(schedule::ahead_at(end, std::nullopt, 300s, 0) == end - 300s);
  CHECK(schedule::ahead_at(end, std::nullopt, -1s, 0) == end);
}

TEST_CASE("a token with more than ten seconds left is usable", "[schedule]") {
  const WallTime now{10'000s};
  Grant grant;
  grant.expires_at = now + 11s;
  CHECK_FALSE(schedule::usable(grant, now));  // there is none
  grant.access_token = AccessToken(Secret("A1"));
  CHECK(schedule::usable(grant, now));
  CHECK_FALSE(schedule::usable(grant, now + 1s));
}

TEST_CASE("a token that came after now, by a clock that was set back, is not usable",
          "[schedule]") {
  const WallTime came{1'000'000s};
  Grant grant;
  grant.access_token = AccessToken(Secret("A1"));
  grant.received_at = came;
  grant.expires_at = came + 3600s;
  CHECK(schedule::usable(grant, came - 300s));  // as clocks are set every day
  CHECK_FALSE(schedule::usable(grant, came - 301s));
  CHECK_FALSE(schedule::usable(grant, came - 86'400s));  // an hour's token would live for 25
  grant.received_at = WallTime{};                        // stored by an earlier version
  CHECK(schedule::usable(grant, came - 86'400s));
}
