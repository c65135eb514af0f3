// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request under way, as whoever limits its time sees it.
//
// It is connecting, and then either its bytes go out or it was given up, never both: whoever is
// told that a server could not be reached can be sure that it got no form. (cpprest, which sends
// the GETs, tells a moment after it began.)
#pragma once

#include <atomic>

#include "net/target.h"
#include "ports/http_client.h"
#include "ports/pending.h"

namespace mail_oauth::net {

/// One request from the caller's side.
using Exchange = Pending<HttpAnswer>;

class Attempt {
 public:
  virtual ~Attempt() = default;

  /// Any thread. False when it was no longer connecting (name, connection, proxy, TLS).
  bool give_up() { return leave_connecting(Phase::kGivenUp); }
  /// Any thread: gives it up, or closes the connection unless the answer is complete.
  void abandon() {
    give_up();
    close();
  }
  virtual const Target& target() const = 0;

 protected:
  /// Before the first byte of the request. False when it was given up.
  bool begin_sending() { return leave_connecting(Phase::kSending); }
  virtual void close() = 0;

 private:
  enum class Phase { kConnecting, kSending, kGivenUp };
  bool leave_connecting(Phase next) {
    Phase now = Phase::kConnecting;
    return phase_.compare_exchange_strong(now, next);
  }

  std::atomic<Phase> phase_{Phase::kConnecting};
};

}  // namespace mail_oauth::net
