// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/wait.h"

#include <glib-unix.h>

#include <chrono>
#include <csignal>
#include <functional>
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

Result<int> wait_for_seven(const std::function<void()>& meanwhile = [] {}) {
  return wait_for<int>("", [&meanwhile](Done<int> done) {
    meanwhile();
    auto later = std::make_shared<Source>(current_context().get(), std::chrono::milliseconds(50),
                                          [done = std::move(done)] { done(7); });
    return Call([later] {});
  });
}

/// Raises it, and waits until GLib's thread has told everybody who watches for it at this moment.
/// Nothing of the default context is run.
void raise_and_deliver(int signal) {
  const MainContextPtr context(g_main_context_new());
  bool delivered = false;
  GSource* const probe = g_unix_signal_source_new(signal);
  g_source_set_callback(
      probe,
      [](gpointer seen) -> gboolean {
        *static_cast<bool*>(seen) = true;
        return G_SOURCE_CONTINUE;
      },
      &delivered, nullptr);
  g_source_attach(probe, context.get());
  std::raise(signal);
  while (!delivered) g_main_context_iteration(context.get(), TRUE);
  g_source_destroy(probe);
  g_source_unref(probe);
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

TEST_CASE("a signal that whoever started us ignores ends no wait and is ignored ever after",
          "[cli][wait]") {
  const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
  CAPTURE(signal);
  const auto before = std::signal(signal, SIG_IGN);
  {
    KeptSignals kept;
    std::raise(signal);
    const auto answer = wait_for_seven([signal] { std::raise(signal); });
    kept.forget();
    std::raise(signal);

    REQUIRE(answer);
    CHECK(*answer == 7);
  }
  CHECK(std::signal(signal, before) == SIG_IGN);
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
  raise_and_deliver(SIGINT);
  kept.forget();
  raise_and_deliver(SIGINT);

  const auto answer = wait_for_seven();

  REQUIRE(answer);
  CHECK(*answer == 7);
}
