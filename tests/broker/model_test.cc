// SPDX-License-Identifier: GPL-3.0-or-later
//
// A machine plays the broker: random sequences of what people, programs, clocks, stores and servers
// do, in a world that knows the rules (model_world.h). After each step it is looked at whether one
// is broken, and at the end whether everybody who asks is served.
//
//   MODEL_SEQUENCES=N how many (400), MODEL_SEED=N the first one's seed (1)
//
// A sequence that breaks a rule is made shorter while it still does, and printed with its seed.
#include <cstdlib>
#include <iostream>
#include <random>

#include "broker/model_world.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

enum class Act {
  kAsk,
  kAskRenewed,
  kRenewOften,
  kAdopt,
  kAdoptEnded,
  kGiveUp,
  kStoreAgain,
  kRefuse,
  kLock,
  kFill,
  kHold,
  kHoldLate,
  kLetGo,
  kOffline,
  kHoldRequests,
  kAnswer,
  kLoseAnswer,
  kHoldLock,
  kFreeLock,
  kPass,
  kPassLong,
  kSuspend,
  kSetClock,
  kShortTokens,
  kKill,
  kEnd,
  kSaveNow,
};

struct Kind {
  Act act;
  const char* name;
  int weight;
};

constexpr Kind kKinds[] = {
    {Act::kAsk, "ask", 12},
    {Act::kAskRenewed, "ask for a renewal", 2},
    {Act::kRenewOften, "ask for a renewal many times", 2},
    {Act::kAdopt, "sign in", 6},
    {Act::kAdoptEnded, "sign in, with a token that has ended", 4},
    {Act::kGiveUp, "sign out", 3},
    {Act::kStoreAgain, "move", 2},
    {Act::kRefuse, "a mail server refuses the token", 2},
    {Act::kLock, "the keyring is locked, or unlocked", 4},
    {Act::kFill, "the disk is full, or not any more", 4},
    {Act::kHold, "the keyring is slow", 3},
    {Act::kHoldLate, "the keyring is slow, and does what nobody waits for", 2},
    {Act::kLetGo, "the keyring answers", 4},
    {Act::kOffline, "the network goes, or comes", 2},
    {Act::kHoldRequests, "the server is slow", 2},
    {Act::kAnswer, "the server answers", 3},
    {Act::kLoseAnswer, "the next answer is lost", 1},
    {Act::kHoldLock, "a stranger takes the lock", 2},
    {Act::kFreeLock, "a stranger frees the lock", 3},
    {Act::kPass, "seconds pass", 10},
    {Act::kPassLong, "minutes pass", 8},
    {Act::kSuspend, "suspended", 2},
    {Act::kSetClock, "the clock is set", 3},
    {Act::kShortTokens, "tokens live for seconds, or for minutes", 2},
    {Act::kKill, "killed", 1},
    {Act::kEnd, "ends, and starts again", 2},
    {Act::kSaveNow, "saves now", 1},
};

struct Step {
  Kind kind;
  int process;
  int amount;      ///< From 0 to 99: how long, how far.
  int iterations;  ///< Of the loop before the next step; -1: until nothing is left to do.
};

using Sequence = std::vector<Step>;

Sequence sequence_of(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&random](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  int all = 0;
  for (const Kind& kind : kKinds) all += kind.weight;
  Sequence sequence;
  for (int length = 5 + below(30); length > 0; --length) {
    int at = below(all);
    const Kind* kind = kKinds;
    while (at >= kind->weight) at -= (kind++)->weight;
    const int iterations = below(3) == 0 ? below(12) : -1;
    sequence.push_back({*kind, below(2), below(100), iterations});
  }
  return sequence;
}

std::chrono::milliseconds clock_step(int amount) {
  constexpr std::array<std::chrono::hours, 4> kSteps = {
      std::chrono::hours(2), std::chrono::hours(-2), std::chrono::hours(8760),
      std::chrono::hours(-8760)};
  return kSteps[static_cast<std::size_t>(amount) % kSteps.size()];
}

void do_step(World& world, const Step& step) {
  const int p = step.process;
  Process& own = world.processes[static_cast<std::size_t>(p)];
  const auto held = [&own](bool late) {
    own.held = true;
    own.late_is_done = late;
  };
  switch (step.kind.act) {
    case Act::kAsk:
      return world.ask(p);
    case Act::kAskRenewed:
      return world.ask(p, true);
    case Act::kRenewOften:
      return world.renew_often(p);
    case Act::kAdopt:
      return world.adopt(p, std::chrono::seconds(20 + 10 * step.amount));
    case Act::kAdoptEnded:
      return world.adopt(p, std::chrono::seconds(-1));
    case Act::kGiveUp:
      return world.give_up(p);
    case Act::kStoreAgain:
      return world.store_again(p);
    case Act::kRefuse:
      return world.refuse(p);
    case Act::kLock:
      own.locked = !own.locked;
      return;
    case Act::kFill:
      own.full = !own.full;
      return;
    case Act::kHold:
      return held(false);
    case Act::kHoldLate:
      return held(true);
    case Act::kLetGo:
      return world.let_go(p);
    case Act::kOffline:
      world.offline = !world.offline;
      return;
    case Act::kHoldRequests:
      world.holds_requests = true;
      return;
    case Act::kAnswer:
      return world.answer_requests();
    case Act::kLoseAnswer:
      world.loses_answer = true;
      return;
    case Act::kHoldLock:
      return world.hold_lock(true);
    case Act::kFreeLock:
      return world.hold_lock(false);
    case Act::kPass:
      return world.clock.advance(std::chrono::milliseconds(300 * step.amount));
    case Act::kPassLong:
      return world.clock.advance(std::chrono::seconds(15 * step.amount));
    case Act::kSuspend:
      return world.clock.suspend(std::chrono::minutes(10 * step.amount));
    case Act::kSetClock:
      return world.set_clock(clock_step(step.amount));
    case Act::kShortTokens:
      world.lifetime = std::chrono::seconds(step.amount < 50 ? 15 : 600);
      return;
    case Act::kKill:
      return world.kill(p);
    case Act::kEnd:
      return world.end(p);
    case Act::kSaveNow:
      return own.broker->save_now();
  }
}

/// When all is well again, who asks gets a token, or is told to sign in.
void check_served(World& world) {
  world.heal();
  world.clock.advance(std::chrono::minutes(25));
  world.check();
  for (int p = 0; p < 2; ++p) {
    world.ask(p);
    world.clock.advance(std::chrono::seconds(1));
    for (const auto& asked : world.processes[static_cast<std::size_t>(p)].asked) {
      if (!asked->answered()) world.break_rule("nobody answers who asked");
    }
    const std::string said =
        Bench::said(*world.processes[static_cast<std::size_t>(p)].asked.back());
    if (said.rfind("reauthorize/", 0) == 0) {
      if (world.has_to_serve()) world.break_rule("told to sign in, for nothing: " + said);
    } else if (said.rfind('A', 0) != 0) {
      world.break_rule("all is well again, and still: " + said);
    }
  }
  world.check();
}

/// The first rule that it breaks; empty: none.
std::string broken_by(const Sequence& sequence, const std::string& folder) {
  World world(folder);
  for (const Step& step : sequence) {
    do_step(world, step);
    if (step.iterations < 0) run_until_quiet();
    for (int i = 0; i < step.iterations; ++i) g_main_context_iteration(nullptr, FALSE);
    world.check();
    if (!world.broken.empty()) return world.broken;
  }
  check_served(world);
  return world.broken;
}

/// Leaves out what need not be there.
Sequence shortened(Sequence sequence, const std::string& folder) {
  for (std::size_t at = 0; at < sequence.size();) {
    Sequence without = sequence;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(at));
    if (broken_by(without, folder).empty()) {
      ++at;
    } else {
      sequence = std::move(without);
      at = 0;
    }
  }
  return sequence;
}

void print(unsigned seed, const Sequence& sequence, const std::string& rule) {
  std::cerr << "MODEL_SEED=" << seed << " MODEL_SEQUENCES=1 breaks: " << rule << "\n";
  for (const Step& step : sequence) {
    std::cerr << "  process " << step.process << ": " << step.kind.name << " (" << step.amount
              << ")";
    if (step.iterations >= 0) std::cerr << ", then " << step.iterations << " turns of the loop";
    std::cerr << "\n";
  }
}

unsigned number(const char* variable, unsigned otherwise) {
  const char* value = std::getenv(variable);
  return value ? static_cast<unsigned>(std::strtoul(value, nullptr, 10)) : otherwise;
}

}  // namespace

TEST_CASE("no sequence of events breaks a rule or loses a sign-in without a word",
          "[broker][model]") {
  const TempFolder folder;
  const unsigned first = number("MODEL_SEED", 1);
  const unsigned count = number("MODEL_SEQUENCES", 400);
  for (unsigned seed = first; seed != first + count; ++seed) {
    const Sequence sequence = sequence_of(seed);
    const std::string rule = broken_by(sequence, folder.path() + "/lock");
    if (rule.empty()) continue;
    const Sequence shorter = shortened(sequence, folder.path() + "/lock");
    const std::string broken = broken_by(shorter, folder.path() + "/lock");
    print(seed, shorter, broken);
    FAIL("seed " << seed << ": " << broken);
  }
  std::cerr << count << " sequences from seed " << first << "\n";
  SUCCEED();
}
