// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/token_wait.h"

#include <memory>
#include <optional>

#include "claws/host.h"
#include "claws/wait_window.h"

namespace mail_oauth::claws {
namespace {

using Steady = std::chrono::steady_clock;

gboolean wake(gpointer) { return G_SOURCE_CONTINUE; }

/// Makes a blocked iteration return now and then, so that time and exit are looked at.
class Tick {
 public:
  Tick() : id_(g_timeout_add(100, wake, nullptr)) {}
  ~Tick() { g_source_remove(id_); }
  Tick(const Tick&) = delete;
  Tick& operator=(const Tick&) = delete;

 private:
  guint id_;
};

struct Answer {
  std::optional<Result<AccessToken>> token;
};

}  // namespace

Result<AccessToken> TokenWait::ask(TokenSource& source, const GrantKey& key, Protocol protocol,
                                   const std::string& waiting_text) {
  const auto start = Steady::now();
  const unsigned ended_before = ended_;
  auto answer = std::make_shared<Answer>();
  const Call call = source.token(key, protocol, [answer](Result<AccessToken> token) {
    answer->token.emplace(std::move(token));
  });
  const Tick tick;
  WaitWindow window(waiting_text);

  while (!answer->token) {
    if (claws_is_exiting() || window.cancelled() || ended_ != ended_before) {
      return make_error(Error::Kind::kCancelled, _("Cancelled."));
    }
    const auto waited = Steady::now() - start;
    if (waited > limit_) {
      return make_error(Error::Kind::kTransient,
                        _("No token came in time. It is asked for again at the next attempt."));
    }
    if (waited > std::chrono::seconds(2)) window.show();
    g_main_context_iteration(nullptr, TRUE);
  }
  return std::move(*answer->token);
}

}  // namespace mail_oauth::claws
