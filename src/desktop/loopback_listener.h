// SPDX-License-Identifier: GPL-3.0-or-later
//
// The loopback address that the browser comes back to (RFC 8252 section 7.3), on GIO's sockets.
//
// Everybody on this machine can connect, and any web page can make a browser try: so only a GET of
// the exact path with the exact Host is shown to the judge (a foreign Host is DNS rebinding), and
// connections are bounded in number, size and time. All on the caller's thread.
#pragma once

#include <chrono>
#include <cstddef>

#include "ports/redirect_listener.h"

namespace mail_oauth {

struct ListenerLimits {
  std::size_t connections = 64;  ///< One more ends the oldest: browsers connect ahead and wait.
  std::chrono::milliseconds time{30'000};  ///< For one connection, all in all.
};

class LoopbackListenerFactory : public RedirectListenerFactory {
 public:
  explicit LoopbackListenerFactory(ListenerLimits limits = {}) : limits_(limits) {}

  /// Besides the port's errors: kConfig when the rule's host is no loopback name.
  Result<std::unique_ptr<RedirectListener>> listen(const RedirectRule& rule,
                                                   RedirectJudge judge) override;

 private:
  const ListenerLimits limits_;
};

}  // namespace mail_oauth
