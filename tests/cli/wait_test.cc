// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/wait.h"

#include <chrono>
#include <csignal>
#include <memory>
#include <utility>

#include "base/source.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::cli;

namespace {

/// Its answer never comes, so that only a signal ends the wait.
Result<int> wait_for_nothing() {
  return wait_for<int>("", [](const Done<int>&) { return Call(); });
}

Result<int> wait_for_seven() {
  return wait_for<int>("", [](Done<int> done) {
    auto later = std::make_shared<Source>(current_context().get(), std::chrono::milliseconds(50),
                                          [done = std::move(done)] { done(7); });
    return Call([later] {});
  });
}

}  // namespace

TEST_CASE("a signal during a wait ends it", "[cli][wait]") {
  const auto answer = wait_for<int>("", [](const Done<int>&) {
    std::raise(SIGINT);
    return Call();
  });
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == Error::Kind::kCancelled);
}

TEST_CASE("a kept signal between two waits ends the next one", "[cli][wait]") {
  const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
  CAPTURE(signal);
  const KeptSignals kept;
  REQUIRE(wait_for_seven());

  std::raise(signal);
  const auto answer = wait_for_nothing();

  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == Error::Kind::kCancelled);
}

TEST_CASE("a forgotten signal ends no later wait, and not the program", "[cli][wait]") {
  KeptSignals kept;
  std::raise(SIGINT);
  kept.forget();
  std::raise(SIGINT);

  const auto answer = wait_for_seven();

  REQUIRE(answer);
  CHECK(*answer == 7);
}
