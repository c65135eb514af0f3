// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/main_thread.h"

#include <thread>

#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;
using claws::MainThread;

TEST_CASE("what another thread posts runs from the main loop, in order", "[claws][main_thread]") {
  const auto main_thread = std::make_shared<MainThread>();
  std::vector<int> order;
  std::thread other([&] {
    main_thread->post([&] { order.push_back(1); });
    main_thread->post([&] { order.push_back(2); });
  });
  other.join();
  CHECK(order.empty());

  REQUIRE(test::run_until([&] { return order.size() == 2; }));
  CHECK(order == std::vector<int>{1, 2});
}

TEST_CASE("a task may wait in a loop of its own, and others run inside it",
          "[claws][main_thread]") {
  const auto main_thread = std::make_shared<MainThread>();
  bool inner = false;
  bool seen_from_outer = false;
  main_thread->post([&] {
    main_thread->post([&] { inner = true; });
    seen_from_outer = test::run_until([&] { return inner; });
  });

  REQUIRE(test::run_until([&] { return seen_from_outer; }));
}

TEST_CASE("at the end others get what they need of the main thread, without its loop",
          "[claws][main_thread]") {
  const auto main_thread = std::make_shared<MainThread>();
  const auto here = std::this_thread::get_id();
  std::thread::id served;
  std::thread::id working;
  bool before = false;
  main_thread->post([&] { before = true; });

  main_thread->serve_during([&] {
    working = std::this_thread::get_id();
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    main_thread->post([&] {
      served = std::this_thread::get_id();
      const std::lock_guard<std::mutex> lock(mutex);
      done = true;
      changed.notify_all();
    });
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return done; });
  });

  CHECK(before);
  CHECK(served == here);
  CHECK(working != here);
}

TEST_CASE("after the end nothing runs any more", "[claws][main_thread]") {
  const auto main_thread = std::make_shared<MainThread>();
  main_thread->serve_during([] {});
  bool ran = false;
  main_thread->post([&] { ran = true; });
  test::run_ready();

  CHECK_FALSE(ran);
}
