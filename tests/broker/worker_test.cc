// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/worker.h"

#include <pthread.h>
#include <signal.h>

#include <cstddef>
#include <future>
#include <system_error>

#include "support/catch.h"

using namespace mail_oauth;

namespace {

/// While one lives no thread can be made: none gets a stack of that size.
class NoThreads {
 public:
  NoThreads() {
    pthread_attr_t huge;
    REQUIRE(pthread_getattr_default_np(&before_) == 0);
    REQUIRE(pthread_attr_init(&huge) == 0);
    REQUIRE(pthread_attr_setstacksize(&huge, std::size_t{1} << 46) == 0);
    REQUIRE(pthread_setattr_default_np(&huge) == 0);
    pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_;
};

bool takes(int signal) {
  sigset_t blocked;
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  return sigismember(&blocked, signal) == 0;
}

}  // namespace

TEST_CASE("a host can be ended by its signals though no thread could be made", "[broker][worker]") {
  REQUIRE(takes(SIGTERM));
  Worker worker;
  {
    const NoThreads full;
    CHECK_THROWS_AS(post(*worker.queue(), [] {}), std::system_error);
  }

  CHECK(takes(SIGINT));
  CHECK(takes(SIGTERM));
}

TEST_CASE("a worker whose thread could not be made gets one later, which takes no signal",
          "[broker][worker]") {
  Worker worker;
  {
    const NoThreads full;
    CHECK_THROWS_AS(post(*worker.queue(), [] {}), std::system_error);
  }
  std::promise<bool> took;

  post(*worker.queue(), [&took] { took.set_value(takes(SIGTERM)); });

  CHECK_FALSE(took.get_future().get());
}
