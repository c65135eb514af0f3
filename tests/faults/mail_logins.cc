// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logins of one host program at many mail servers at once, with the broker, the store and the web
// of a program that stays, and a thread for each server.
//
//   mail_logins PROVIDER CLIENT IDENTITY CA-FILE PROTOCOL:TLS:PORT:SECONDS...
//
// Each thread signs in twice, the second time over a new connection and with a minute's patience,
// and tells a line for each: number of the server, try, milliseconds, and what one_login.h says,
// between tabs. A token never leaves the process but to the servers.
#include <libetpan/mailstream.h>
#include <signal.h>

#include <chrono>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "assembly/broker_home.h"
#include "broker/lock_file.h"
#include "manifest/folders.h"
#include "one_login.h"

namespace {

using namespace mail_oauth;
using namespace mail_oauth::faults;
using Clock = std::chrono::steady_clock;

void sign_in_twice(const Host& host, Server server, std::size_t number) {
  static std::mutex telling;
  for (int round = 1; round <= 2; ++round) {
    const auto began = Clock::now();
    const std::string outcome = sign_in(host, server);
    server.patience = std::chrono::minutes(1);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    const std::lock_guard<std::mutex> lock(telling);
    std::cout << number << "\t" << round << "\t" << took.count() << "\t" << outcome << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
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
  std::vector<std::thread> threads;
  for (int at = 5; at < argc; ++at) {
    threads.emplace_back([&host, server = server_of(argv[at]), at] {
      sign_in_twice(host, server, static_cast<std::size_t>(at - 5));
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}
