// SPDX-License-Identifier: GPL-3.0-or-later
#include "reliability/crowd.h"

#include "support/catch.h"

using namespace mail_oauth::reliability;

namespace {

/// A tenth of the page's, so that the test is quick; what it claims is a share.
Crowd crowd() {
  Crowd made;
  made.machines = 100'000;
  return made;
}

double share(const Requests& requests) {
  std::size_t all = 0;
  for (const auto& [second, count] : requests) all += count;
  REQUIRE(all == crowd().machines);
  return static_cast<double>(busiest(requests).requests) / static_cast<double>(all);
}

}  // namespace

TEST_CASE("no second gets more than half a percent of the renewals of an hour's tokens",
          "[reliability]") {
  const int count = GENERATE(1, 2, 4, 8);
  CAPTURE(count);
  CHECK(share(renewals(crowd(), count)) < 0.005);
}

TEST_CASE("each renewal is further spread than the one before", "[reliability]") {
  CHECK(share(renewals(crowd(), 2)) < share(renewals(crowd(), 1)));
  CHECK(share(renewals(crowd(), 8)) < share(renewals(crowd(), 2)));
}

TEST_CASE("tokens of five minutes are not all renewed at half of their life", "[reliability]") {
  Crowd brief = crowd();
  brief.lifetime = seconds(300);
  const auto requests = renewals(brief, 1);
  CHECK(share(requests) < 0.02);
  CHECK(busiest(requests).from >= seconds(150));
  CHECK(busiest(requests).to <= seconds(225));
}

TEST_CASE("attempts after an outage are spread wider and wider", "[reliability]") {
  CHECK(share(retries(crowd(), 4, {})) < 0.06);
  CHECK(share(retries(crowd(), 8, {})) < 0.005);
}

TEST_CASE("whom Retry-After sent away nobody comes early and no second gets a percent",
          "[reliability]") {
  const auto requests = retries(crowd(), 1, seconds(600));
  CHECK(busiest(requests).from >= seconds(600));
  CHECK(share(requests) < 0.01);
}
