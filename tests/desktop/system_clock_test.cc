// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/system_clock.h"

#include <time.h>

#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;
using namespace std::chrono_literals;

namespace {

BootTime boot_time() {
  timespec time{};
  REQUIRE(clock_gettime(CLOCK_BOOTTIME, &time) == 0);
  return BootTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

TEST_CASE("the time since the start is that of CLOCK_BOOTTIME", "[desktop][clock]") {
  const SystemClock clock;

  const BootTime before = boot_time();
  const BootTime said = clock.uptime();
  const BootTime after = boot_time();

  CHECK(before <= said);
  CHECK(said <= after);
}

TEST_CASE("after calls once, later", "[desktop][clock]") {
  SystemClock clock;
  int calls = 0;
  const Call call = clock.after(0ms, [&] { ++calls; });
  CHECK(calls == 0);

  CHECK(test::run_until([&] { return calls == 1; }));
  test::run_ready();
  CHECK(calls == 1);
}

TEST_CASE("a dropped timer never calls", "[desktop][clock]") {
  SystemClock clock;
  bool called = false;
  bool later = false;
  {
    const Call call = clock.after(0ms, [&] { called = true; });
  }
  const Call call = clock.after(1ms, [&] { later = true; });

  CHECK(test::run_until([&] { return later; }));
  CHECK_FALSE(called);
}

TEST_CASE("a timer may be dropped from its own call", "[desktop][clock]") {
  SystemClock clock;
  bool called = false;
  Call call;
  call = clock.after(0ms, [&] {
    call.cancel();
    called = true;
  });
  CHECK(test::run_until([&] { return called; }));
}
