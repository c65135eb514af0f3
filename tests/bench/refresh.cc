// SPDX-License-Identifier: GPL-3.0-or-later
//
// bench_refresh PROVIDER CLIENT IDENTITY TOKEN-ENDPOINT FORM: reads lines from standard input,
// answers each with the nanoseconds that it took (or -1 and why): "refresh N" has N threads ask one
// broker for a token at once, "post" sends FORM to the token endpoint as it is. Everything else is
// the command's: keyring, lock, manifests.
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include "assembly/broker_home.h"
#include "base/source.h"
#include "bench/timing.h"
#include "broker/lock_file.h"
#include "broker/threaded_broker.h"
#include "manifest/folders.h"
#include "net/lazy_http_client.h"
#include "ports/wait.h"

using namespace mail_oauth;
using namespace mail_oauth::bench;

namespace {

std::int64_t refresh(TokenSource& broker, const GrantKey& key, int callers) {
  std::vector<std::thread> threads;
  std::atomic<int> served = 0;
  const auto start = Steady::now();
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      const auto token =
          wait_for_token(broker, key, Protocol::kImap, std::chrono::milliseconds(20'000));
      if (token) {
        ++served;
      } else {
        std::cerr << token.error().what << "\n";
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return served == callers ? nanoseconds_since(start) : -1;
}

std::int64_t post_form(HttpClient& http, const std::string& ca_file, const std::string& endpoint,
                       const std::string& form) {
  HttpRequest request;
  request.method = HttpRequest::Method::kPost;
  request.url = endpoint;
  request.ca_file = ca_file;
  request.body = Secret(form);
  bool over = false;
  int status = 0;
  const auto start = Steady::now();
  const Call call = http.send(std::move(request), [&](Result<HttpAnswer> answer) {
    if (answer) status = answer->status;
    over = true;
  });
  while (!over) g_main_context_iteration(nullptr, TRUE);
  return status == 200 ? nanoseconds_since(start) : -1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) return 2;
  const GrantKey key{{words[1], words[2], ""}, words[3]};
  const auto locks = lock_folder_path();
  if (!locks) return 2;
  const auto folders = manifest::standard_folders();
  ThreadedBroker broker([&](BrokerObserver observer) {
    return make_broker({folders, *locks, Prompt::kNever}, std::move(observer));
  });
  const auto provider = provider_for(folders, key.client);
  if (!provider) return 2;
  LazyHttpClient http(http_options_from_environment());
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream parts(line);
    std::string verb;
    int callers = 1;
    parts >> verb >> callers;
    std::cout << (verb == "post" ? post_form(http, provider->ca_file, words[4], words[5])
                                 : refresh(broker, key, callers))
              << std::endl;
  }
  return 0;
}
