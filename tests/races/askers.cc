// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many threads of one process that ask for the same grant's token at once, with the broker, the
// store and the web of a program that stays.
//
//   askers THREADS PROVIDER CLIENT IDENTITY [OLD]
//
// Says "ready" when every thread stands at the line, and lets them go when a line comes on standard
// input. Without OLD each asks once. With OLD, the digest of a token that is still good, the broker
// has its grant before it is ready, and each asks on and on until it gets another token: across the
// moment at which the old one ends. Then one line for each thread, "token DIGEST" or "error KIND
// WORDS", and "done"; the broker stays until standard input ends. A token never leaves the process.
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "assembly/broker_home.h"
#include "broker/lock_file.h"
#include "broker/threaded_broker.h"
#include "crypto/digest.h"
#include "manifest/folders.h"
#include "ports/wait.h"

namespace {

using namespace mail_oauth;

constexpr std::chrono::seconds kPatience{60};
/// Between two questions of a thread that has the old token; paces, and nothing waits for it.
constexpr std::chrono::milliseconds kPace{5};

struct Race {
  ThreadedBroker& broker;
  GrantKey key;
  std::string old;  ///< Empty: whatever comes first.
};

std::string digest(const AccessToken& token) {
  const auto hash = crypto::sha256(token.reveal());
  return hash ? crypto::hex(*hash) : "none";
}

/// What one thread has to tell.
std::string ask(const Race& race) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    const auto token = wait_for_token(race.broker, race.key, Protocol::kImap, kPatience);
    if (!token) {
      return "error " + std::to_string(static_cast<int>(token.error().kind)) + " " +
             token.error().what;
    }
    const std::string got = digest(*token);
    if (got != race.old) return "token " + got;
    std::this_thread::sleep_for(kPace);
  }
  return "error 0 only ever the old token";
}

/// Threads wait here until all have come and the gate is opened.
class Line {
 public:
  void stand() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++standing_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for(int threads) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return standing_ == threads; });
  }
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int standing_ = 0;
  bool open_ = false;
};

void run(const Race& race, int count) {
  std::string line;
  Line start;
  std::vector<std::string> told(static_cast<std::size_t>(count));
  std::vector<std::thread> threads;
  threads.reserve(told.size());
  for (std::string& answer : told) {
    threads.emplace_back([&race, &start, &answer] {
      start.stand();
      answer = ask(race);
    });
  }
  start.wait_for(count);
  std::cout << "ready" << std::endl;
  std::getline(std::cin, line);
  start.open();
  for (std::thread& thread : threads) thread.join();
  for (const std::string& answer : told) std::cout << answer << "\n";
  std::cout << "done" << std::endl;
  while (std::getline(std::cin, line)) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const auto locks = lock_folder_path();
  if (!locks) return 2;
  ThreadedBroker broker([&](BrokerObserver told) {
    return make_broker({manifest::standard_folders(), *locks, Prompt::kNever}, std::move(told));
  });
  const Race race{broker, grant_key({argv[2], argv[3], ""}, argv[4]), argc > 5 ? argv[5] : ""};
  if (!race.old.empty() && !wait_for_token(broker, race.key, Protocol::kImap, kPatience)) return 1;
  run(race, std::atoi(argv[1]));
  return 0;
}
