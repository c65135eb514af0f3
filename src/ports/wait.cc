// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/wait.h"

#include <optional>
#include <utility>

#include "base/i18n.h"
#include "base/source.h"

namespace mail_oauth {
namespace {

class PrivateContext {
 public:
  PrivateContext() : context_(g_main_context_new()) {
    g_main_context_push_thread_default(context_.get());
  }
  ~PrivateContext() { g_main_context_pop_thread_default(context_.get()); }
  PrivateContext(const PrivateContext&) = delete;
  PrivateContext& operator=(const PrivateContext&) = delete;
  GMainContext* get() const { return context_.get(); }

 private:
  MainContextPtr context_;
};

}  // namespace

Result<AccessToken> wait_for_token(TokenSource& source, GrantKey key, Protocol protocol,
                                   std::chrono::milliseconds limit) {
  const PrivateContext context;
  std::optional<Result<AccessToken>> answer;
  bool too_late = false;
  const Source timer(context.get(), limit, [&] { too_late = true; });
  const Call call = source.token(std::move(key), protocol,
                                 [&](Result<AccessToken> result) { answer = std::move(result); });
  while (!answer && !too_late) g_main_context_iteration(context.get(), TRUE);
  if (answer) return std::move(*answer);
  return make_error(Error::Kind::kTransient, _("The access token did not come in time."),
                    "time-out");
}

}  // namespace mail_oauth
