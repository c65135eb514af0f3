// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/wait.h"

#include <functional>
#include <optional>
#include <utility>

#include "base/i18n.h"
#include "base/source.h"

namespace mail_oauth {
namespace {

constexpr int kMostLeftOver = 1000;

class PrivateContext {
 public:
  PrivateContext() : context_(g_main_context_new()) {
    g_main_context_push_thread_default(context_.get());
  }
  /// GDBus frees what a finished call leaves behind from idle callbacks, and only there.
  ~PrivateContext() {
    for (int left = kMostLeftOver; left > 0; --left) {
      if (!g_main_context_iteration(context_.get(), FALSE)) break;
    }
    g_main_context_pop_thread_default(context_.get());
  }
  PrivateContext(const PrivateContext&) = delete;
  PrivateContext& operator=(const PrivateContext&) = delete;
  GMainContext* get() const { return context_.get(); }

 private:
  MainContextPtr context_;
};

/// `too_late`: the words for no answer within `limit`.
template <class T>
Result<T> wait(const std::function<Call(Done<T>)>& ask, std::chrono::milliseconds limit,
               const char* too_late) {
  const PrivateContext context;
  std::optional<Result<T>> answer;
  bool over = false;
  const Source timer(context.get(), limit, [&] { over = true; });
  const Call call = ask([&](Result<T> result) { answer.emplace(std::move(result)); });
  while (!answer && !over) g_main_context_iteration(context.get(), TRUE);
  if (answer) return std::move(*answer);
  return make_error(Error::Kind::kTransient, too_late, "time-out");
}

}  // namespace

Result<AccessToken> wait_for_token(TokenSource& source, const GrantKey& key, Protocol protocol,
                                   std::chrono::milliseconds limit) {
  if (auto token = source.at_hand(key, protocol)) return std::move(*token);
  return wait<AccessToken>(
      [&](Done<AccessToken> done) { return source.token(key, protocol, std::move(done)); }, limit,
      _("The access token did not come in time."));
}

Result<std::vector<GrantKey>> wait_for_grants(TokenStore& store, std::chrono::milliseconds limit) {
  return wait<std::vector<GrantKey>>(
      [&](Done<std::vector<GrantKey>> done) { return store.list(std::move(done)); }, limit,
      _("The keyring did not answer in time."));
}

}  // namespace mail_oauth
