// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waits for the answer to one authorization request: at the loopback address, or pasted by the
// person.
//
// Requests that do not carry our `state` are not answers: they get a 404 and the waiting goes on.
// One thread's GMainContext.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "oauth/authorization.h"
#include "ports/clock.h"
#include "ports/redirect_listener.h"

namespace mail_oauth::signin {

class RedirectWait {
 public:
  RedirectWait(Clock& clock, Done<AuthorizationCode> done);
  RedirectWait(const RedirectWait&) = delete;
  RedirectWait& operator=(const RedirectWait&) = delete;

  /// Starts to listen; for a registered address, only to wait for paste(). `done` comes later,
  /// once: the code, an error of oauth::parse_redirect, or kTransient when nobody came within the
  /// limit. Fails as RedirectListenerFactory::listen, and with kConfig when the registered address
  /// is not known.
  Result<void> listen(RedirectListenerFactory& listeners, const RedirectRule& rule,
                      oauth::ExpectedRedirect expected, std::chrono::seconds limit);

  /// REQUIRES: listen() succeeded, and `done` has not come: nobody listens any more then.
  std::string redirect_uri() const { return listener_ ? listener_->redirect_uri() : registered_; }

  /// Takes the address on which the browser ended, or its query. kProtocol when it does not belong
  /// to this sign-in: the waiting goes on.
  Result<void> paste(std::string_view text);

 private:
  RedirectVerdict judge(std::string_view query);
  void settle(Result<AuthorizationCode> answer);

  Clock& clock_;
  Done<AuthorizationCode> done_;
  oauth::ExpectedRedirect expected_;
  bool settled_ = false;
  std::unique_ptr<RedirectListener> listener_;  ///< None for a registered address.
  std::string registered_;
  Call limit_;
  Call delivery_;
};

}  // namespace mail_oauth::signin
