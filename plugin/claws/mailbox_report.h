// SPDX-License-Identifier: GPL-3.0-or-later
//
// Says why the mailbox of a new account could not be opened, in the server's words and in ours.
//
// Listens to the host's protocol log while the host reads the folders; its lines arrive one turn of
// the main loop late. Main thread only.
#pragma once

#include <memory>
#include <string>

#include "claws/host.h"
#include "claws/shared_mailbox.h"

namespace mail_oauth::claws {

class MailboxReport {
 public:
  /// Listens from now on. `account` is only read here.
  explicit MailboxReport(const PrefsAccount& account);
  ~MailboxReport();
  MailboxReport(const MailboxReport&) = delete;
  MailboxReport& operator=(const MailboxReport&) = delete;

  /// A window, once the log is complete: the person has just asked for the account.
  static void tell_soon(std::unique_ptr<MailboxReport> report);

 private:
  void tell_now() const;
  static gboolean on_log(gpointer line, gpointer self);

  std::string account_;
  std::string mailbox_;
  RefusalReader refusal_;
  gulong hook_ = 0;
};

}  // namespace mail_oauth::claws
