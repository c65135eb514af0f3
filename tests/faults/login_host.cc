// SPDX-License-Identifier: GPL-3.0-or-later
//
// A host program that stays: one broker, and logins for as long as somebody asks for them.
//
//   login_host PROVIDER CLIENT IDENTITY CA-FILE
//
// A line of its input is a round: words as in one_login.h, which all sign in at once, each in the
// thread of its place in the line, which stays: GnuTLS keeps 192 bytes for each thread that ever
// drew a random number. It is answered by a line with a JSON object: "outcomes" in the order of the
// words, and what the process holds while nothing goes on: "heap" (bytes in use, of all arenas),
// "resident" (bytes), "threads", "descriptors", "locked" (bytes of memory that is never swapped, as
// that of secrets is). Ends with its input. No token leaves the process but to the servers.
#include <libetpan/mailstream.h>
#include <malloc.h>
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "assembly/broker_home.h"
#include "broker/lock_file.h"
#include "manifest/folders.h"
#include "one_login.h"

namespace {

using namespace mail_oauth;
using namespace mail_oauth::faults;
using nlohmann::json;

/// Of a line "NAME:   N kB" in proc(5).
long status_number(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(name + ":", 0) == 0) return std::stol(line.substr(name.size() + 1));
  }
  return -1;
}

long descriptors() {
  using Iterator = std::filesystem::directory_iterator;
  return std::distance(Iterator("/proc/self/fd"), Iterator()) - 1;  // that which reads them
}

json held() {
  const auto heap = mallinfo2();
  return {{"heap", heap.uordblks + heap.hblkhd},
          {"resident", status_number("VmRSS") * 1024},
          {"locked", status_number("VmLck") * 1024},
          {"threads", status_number("Threads")},
          {"descriptors", descriptors()}};
}

/// A thread that does one thing after the other.
class Seat {
 public:
  Seat() : thread_([this] { work(); }) {}
  ~Seat() {
    give({});
    thread_.join();
  }

  /// One at a time; the last one is empty.
  void give(std::packaged_task<void()> task) {
    const std::lock_guard<std::mutex> lock(mutex_);
    next_ = std::move(task);
    given_ = true;
    changed_.notify_one();
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return given_; });
      given_ = false;
      auto task = std::move(next_);
      lock.unlock();
      if (!task.valid()) return;
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::packaged_task<void()> next_;
  bool given_ = false;
  std::thread thread_;
};

json round_of(const Host& host, const std::string& line, std::deque<Seat>& seats) {
  std::vector<Server> servers;
  std::istringstream words(line);
  for (std::string word; words >> word;) servers.push_back(server_of(word));
  while (seats.size() < servers.size()) seats.emplace_back();
  std::vector<std::string> outcomes(servers.size());
  std::vector<std::future<void>> ends;
  for (std::size_t at = 0; at < servers.size(); ++at) {
    std::packaged_task<void()> login([&, at] { outcomes[at] = sign_in(host, servers[at]); });
    ends.push_back(login.get_future());
    seats[at].give(std::move(login));
  }
  for (std::future<void>& end : ends) end.wait();
  return outcomes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  signal(SIGPIPE, SIG_IGN);  // libetpan says goodbye to those who are gone
  // Its SMTP connections without TLS do not hear of their session's limit. Theirs is five minutes.
  mailstream_network_delay = {20, 0};
  const auto locks = lock_folder_path();
  const auto anchors = crypto::TrustAnchors::of_system(argv[4]);
  if (!locks || !anchors) return 2;
  ThreadedBroker broker([&](BrokerObserver told) {
    return make_broker({manifest::standard_folders(), *locks, Prompt::kNever}, std::move(told));
  });
  const Host host{grant_key({argv[1], argv[2], ""}, argv[3]), *anchors, broker};
  std::deque<Seat> seats;
  for (std::string line; std::getline(std::cin, line);) {
    json outcomes = round_of(host, line, seats);
    json told = held();
    told["outcomes"] = std::move(outcomes);
    std::cout << told.dump() << std::endl;
  }
  return 0;
}
