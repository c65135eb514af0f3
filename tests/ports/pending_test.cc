// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/pending.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.h"
#include "support/quiet.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using namespace std::chrono_literals;

namespace {

/// Whoever asks, and what comes of it.
struct Asker {
  std::vector<std::string> heard;
  std::thread::id heard_on;
  std::shared_ptr<int> held = std::make_shared<int>(0);  ///< What the callback keeps alive.

  std::shared_ptr<Pending<std::string>> ask() {
    return Pending<std::string>::of([this, held = held](Result<std::string> answer) {
      heard.push_back(answer ? *answer : "error " + answer.error().code);
      heard_on = std::this_thread::get_id();
    });
  }
};

Result<std::string> text(const char* words) { return std::string(words); }

Error late() { return make_error(Error::Kind::kTransient, "too late", "late"); }

}  // namespace

TEST_CASE("an answer comes later, once, and what was asked with it is freed", "[ports][pending]") {
  Asker asker;
  const auto open = asker.ask();

  open->answer(text("yes"));

  CHECK(asker.heard.empty());  // never from inside the call
  CHECK(open->waiting());
  run_until_quiet();
  CHECK(asker.heard == std::vector<std::string>{"yes"});
  CHECK_FALSE(open->waiting());
  CHECK(asker.held.use_count() == 1);
}

TEST_CASE("who answers twice is heard once", "[ports][pending]") {
  Asker asker;
  const auto open = asker.ask();

  open->answer(text("first"));
  open->answer(text("second"));
  run_until_quiet();
  open->answer(late());
  run_until_quiet();

  CHECK(asker.heard == std::vector<std::string>{"first"});
}

TEST_CASE("who never answers is answered for", "[ports][pending]") {
  Asker asker;
  bool let_go = false;
  const auto open = asker.ask();
  open->at_end([&let_go] { let_go = true; });

  open->within(1ms, late());

  REQUIRE(run_until([&] { return !asker.heard.empty(); }));
  CHECK(asker.heard == std::vector<std::string>{"error late"});
  CHECK(let_go);
  open->answer(text("after all"));
  run_until_quiet();
  CHECK(asker.heard.size() == 1);
}

TEST_CASE("who answers in time is not watched any more", "[ports][pending]") {
  Asker asker;
  bool watched = false;
  const auto open = asker.ask();
  open->after(1ms, [&watched] { watched = true; });
  open->answer(text("yes"));
  run_until_quiet();

  bool later = false;
  const Source proof(current_context().get(), 5ms, [&later] { later = true; });
  REQUIRE(run_until([&] { return later; }));

  CHECK_FALSE(watched);
  CHECK(asker.heard == std::vector<std::string>{"yes"});
}

TEST_CASE("an answer after its owner is gone goes nowhere", "[ports][pending]") {
  Asker asker;
  int let_go = 0;
  const auto open = asker.ask();
  open->at_end([&let_go] { ++let_go; });

  SECTION("which nobody had given yet") {
    { const Call call = open->call(); }
    open->answer(text("yes"));
  }
  SECTION("which is on its way") {
    open->answer(text("yes"));
    const Call call = open->call();
  }

  CHECK(open->cancelled());
  CHECK(let_go == 1);
  CHECK(asker.held.use_count() == 1);  // freed at once, whatever the answerer still holds
  run_until_quiet();
  CHECK(asker.heard.empty());
  CHECK(let_go == 1);
}

TEST_CASE("dropping a call after its answer is harmless, from inside the answer too",
          "[ports][pending]") {
  std::optional<Call> call;
  int answers = 0;
  const auto open = Pending<void>::of([&](const Result<void>&) {
    ++answers;
    call.reset();
  });
  call.emplace(open->call());

  open->answer({});
  run_until_quiet();

  CHECK(answers == 1);
  CHECK_FALSE(call);
}

TEST_CASE("an answer from another thread comes home", "[ports][pending]") {
  Asker asker;
  const auto open = asker.ask();

  std::thread answerer([open] { open->answer(text("from there")); });
  answerer.join();

  CHECK(asker.heard.empty());
  run_until_quiet();
  CHECK(asker.heard == std::vector<std::string>{"from there"});
  CHECK(asker.heard_on == std::this_thread::get_id());
}

TEST_CASE("many threads that answer at once are heard once", "[ports][pending]") {
  Asker asker;
  const auto open = asker.ask();
  std::vector<std::thread> answerers;

  for (int i = 0; i < 8; ++i) answerers.emplace_back([open] { open->answer(text("one of them")); });
  for (auto& answerer : answerers) answerer.join();
  run_until_quiet();

  CHECK(asker.heard == std::vector<std::string>{"one of them"});
}

TEST_CASE("who is asked may forget the question", "[ports][pending]") {
  Asker asker;
  auto open = asker.ask();
  const Call call = open->call();
  open->within(1ms, late());

  open.reset();  // as a library that never calls back

  REQUIRE(run_until([&] { return !asker.heard.empty(); }));
  CHECK(asker.heard == std::vector<std::string>{"error late"});
}

TEST_CASE("a queue that ends has answered what it did not get to", "[ports][pending]") {
  Asker asker;
  const auto open = asker.ask();
  Done<std::string> answer = open->answerer(make_error(Error::Kind::kCancelled, "ending", "end"));

  SECTION("nobody called it") {
    Done<std::string> copy = answer;
    answer = nullptr;
    run_until_quiet();
    CHECK(asker.heard.empty());  // a copy may still be called
    copy = nullptr;
    run_until_quiet();
    CHECK(asker.heard == std::vector<std::string>{"error end"});
  }
  SECTION("somebody did") {
    answer(text("yes"));
    answer = nullptr;
    run_until_quiet();
    CHECK(asker.heard == std::vector<std::string>{"yes"});
  }
  SECTION("whoever asked has left") {
    { const Call call = open->call(); }
    answer = nullptr;
    run_until_quiet();
    CHECK(asker.heard.empty());
  }
}
