// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waiting for the end of a sign-in, by whichever flow, and what Ctrl-C means meanwhile: it ends the
// sign-in, but what the provider gave already goes on being stored until a second one. Main thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "cli/wait.h"
#include "signin/sign_in.h"

namespace mail_oauth::cli {

/// The code of the kCancelled that follows a second Ctrl-C: whoever gets it says what became of the
/// sign-in, and waits for nothing more.
inline constexpr const char* kGivenUp = "given-up";

class SignInWait {
 public:
  explicit SignInWait(std::string patience) : loop_(std::move(patience)) {}

  /// Something else is said now than what it waits for.
  void calm() { loop_.calm(); }
  /// The first end counts.
  void end(Result<signin::SignedIn> result) {
    if (!result_) result_.emplace(std::move(result));
    loop_.quit();
  }

  /// Until end() or Ctrl-C, of a flow that was started. `on_storing`: it came when it was too late
  /// to cancel, and is waited on.
  template <class Flow>
  Result<signin::SignedIn> run(Flow& flow, const std::function<void()>& on_storing) {
    loop_.run();
    if (!result_ && flow.cancel()) return interrupted();
    if (!result_) {
      on_storing();
      loop_.run();
    }
    if (!result_) return make_error(Error::Kind::kCancelled, "", kGivenUp);
    return std::move(*result_);
  }

 private:
  WaitLoop loop_;
  std::optional<Result<signin::SignedIn>> result_;
};

}  // namespace mail_oauth::cli
