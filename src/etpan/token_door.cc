// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/token_door.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "base/i18n.h"
#include "base/source.h"

namespace mail_oauth::etpan {

namespace {

constexpr std::chrono::seconds kLimit{90};

}  // namespace

struct TokenDoor::State : std::enable_shared_from_this<TokenDoor::State> {
  State(TokenSource& its_source, GrantKey its_key, Protocol its_protocol)
      : source(its_source),
        key(std::move(its_key)),
        protocol(its_protocol),
        context(current_context()) {}

  /// The source's thread.
  void ask() {
    if (closed) return;
    call = source.token(key, protocol, [state = shared_from_this()](Result<AccessToken> result) {
      const std::lock_guard<std::mutex> lock(state->mutex);
      state->answer.emplace(std::move(result));
      state->changed.notify_all();
    });
  }

  /// The login's thread.
  Result<AccessToken> wait() {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      answer.reset();
    }
    post(context.get(), [state = shared_from_this()] { state->ask(); });
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait_for(lock, kLimit, [this] { return answer || closed; });
    if (closed) return make_error(Error::Kind::kCancelled, _("Stopped."));
    if (answer) return std::move(*answer);
    return make_error(Error::Kind::kTransient, _("The access token did not come in time."),
                      "time-out");
  }

  void tell_refused(std::string_view token) {
    auto copy = std::make_shared<Secret>(token);
    post(context.get(), [state = shared_from_this(), copy] {
      if (!state->closed) state->source.refused(state->key, copy->reveal());
    });
  }

  TokenSource& source;
  const GrantKey key;
  const Protocol protocol;
  const MainContextPtr context;
  Call call;  ///< The source's thread only.
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Result<AccessToken>> answer;
  bool closed = false;  ///< Written on the source's thread, under the mutex.
};

TokenDoor::TokenDoor(TokenSource& source, GrantKey key, Protocol protocol)
    : state_(std::make_shared<State>(source, std::move(key), protocol)) {}

TokenDoor::~TokenDoor() { close(); }

Tokens TokenDoor::tokens() const {
  Tokens tokens;
  tokens.current = [state = state_] { return state->wait(); };
  tokens.refused = [state = state_](std::string_view token) { state->tell_refused(token); };
  return tokens;
}

void TokenDoor::close() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->closed = true;
    state_->changed.notify_all();
  }
  state_->call.cancel();
}

}  // namespace mail_oauth::etpan
