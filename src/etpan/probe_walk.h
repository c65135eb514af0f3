// SPDX-License-Identifier: GPL-3.0-or-later
//
// The links of one probed connection, walked one after another by whichever thread calls; it
// blocks. Made and destroyed, and interrupt(), on the thread of the token source; no two links at a
// time.
#pragma once

#include <gio/gio.h>

#include <memory>
#include <mutex>
#include <optional>

#include "base/cptr.h"
#include "etpan/probe_session.h"
#include "etpan/token_door.h"

namespace mail_oauth::etpan {

class ProbeWalk {
 public:
  ProbeWalk(MailProbeTarget target, std::chrono::seconds patience);
  ~ProbeWalk();
  ProbeWalk(const ProbeWalk&) = delete;
  ProbeWalk& operator=(const ProbeWalk&) = delete;

  /// REQUIRES: SIGPIPE is blocked in this thread. Fails as MailProbe::walk.
  Result<MailFinding> run(MailLink link);
  /// Ends what run() waits for, and the connection.
  void interrupt();
  /// Ends the connection, with a bound; `politely`: in the words of its protocol. REQUIRES: as
  /// run().
  void hang_up(bool politely);

 private:
  Result<MailFinding> connect();
  Result<MailFinding> begin_encryption();
  Result<MailFinding> check_certificate();
  Result<MailFinding> hear_greeting();
  Result<MailFinding> ask_capabilities();
  Result<MailFinding> sign_in();
  Result<void> take(GRef<GSocketConnection> connection);
  void take_stream(mailstream_low* low);
  mailstream* stream() const;

  const MailProbeTarget target_;
  const std::chrono::seconds patience_;
  const MailServer server_;
  std::optional<TokenDoor> door_;  ///< None where there is no source: all links but the login.
  const GRef<GCancellable> cancellable_;
  std::mutex mutex_;                    ///< Guards connection_.
  GRef<GSocketConnection> connection_;  ///< To be cut; the bytes go through libetpan.
  int socket_ = -1;                     ///< Connected, and libetpan has it not yet.
  mailstream* waiting_ = nullptr;       ///< Until the session takes it.
  std::unique_ptr<ProbeSession> session_;
  std::optional<crypto::TrustAnchors> anchors_;
};

}  // namespace mail_oauth::etpan
