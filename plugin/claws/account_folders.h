// SPDX-License-Identifier: GPL-3.0-or-later
//
// Folders for managed IMAP accounts that have none, so that mail comes.
//
// The host reads the folders of a new account once, when the account is made. Before a sign-in that
// brings nothing, and without an INBOX its "Get mail" does nothing, for ever. So they are read
// again: when an account is turned on or the plugin is loaded, when somebody signed in, and when
// the server takes a login after all. Where that fails INBOX is made by hand, and "Get mail" tries
// again. A folder that is missing altogether is made here: else the host would make it at its next
// start, and log in before plugins are loaded. Main thread only.
#pragma once

#include <map>
#include <set>
#include <string>

#include "claws/account_gate.h"
#include "claws/engine.h"
#include "claws/host.h"

namespace mail_oauth::claws {

class AccountFolders {
 public:
  /// Both have to outlive it.
  AccountFolders(Engine& engine, AccountGate& gate);
  ~AccountFolders();
  AccountFolders(const AccountFolders&) = delete;
  AccountFolders& operator=(const AccountFolders&) = delete;

  /// The fields follow the intents. REQUIRES: a turn of the gate, or that it is free.
  void accounts_followed();
  void signed_in(const GrantKey& grant);
  /// Over IMAP.
  void login_accepted(int account_id);

  /// REQUIRES: a turn. Makes the folder where there is none and reads its tree now, in a nested
  /// loop; false when INBOX had to be made by hand, or the account is gone. It is not read again
  /// before somebody signs in or the server takes a login.
  bool read_now(PrefsAccount* account);

 private:
  /// Since the plugin was loaded, and since somebody signed in.
  enum class Tried { kOnce, kAfterLogin };

  void want_unread();
  void want(int account_id);
  void schedule();
  void read_wanted();
  static gboolean on_timer(gpointer self);
  static gboolean on_online(gpointer, gpointer self);

  Engine& engine_;
  AccountGate& gate_;
  std::set<int> wanted_;
  std::map<int, Tried> tried_;
  bool reading_ = false;
  bool asked_ = false;  ///< For a turn.
  guint timer_ = 0;
  gulong online_hook_ = 0;
};

}  // namespace mail_oauth::claws
