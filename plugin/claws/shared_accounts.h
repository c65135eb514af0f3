// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes accounts for shared mailboxes while the host runs, which it has no function for.
//
// What its own account_add() does is done here, in the same order. What holds on 4.1.1 and 4.3.1 is
// in ARCHITECTURE.md ("Accounts that the plugin makes"). Above all: closing the host's list of
// accounts makes its account list anew of what is shown there, so that an account made meanwhile
// would be lost; and an account window shares its fields with prefs_account_new(). So it is done in
// a turn of the gate in which neither is open. Main thread only.
#pragma once

#include <deque>
#include <vector>

#include "claws/account_folders.h"
#include "claws/engine.h"
#include "claws/field_follower.h"
#include "claws/host.h"
#include "claws/shared_mailbox.h"

namespace mail_oauth::claws {

class SharedAccounts {
 public:
  /// All have to outlive it.
  SharedAccounts(Engine& engine, FieldFollower& follower, AccountGate& gate,
                 AccountFolders& folders)
      : engine_(engine), follower_(follower), gate_(gate), folders_(folders) {}
  SharedAccounts(const SharedAccounts&) = delete;
  SharedAccounts& operator=(const SharedAccounts&) = delete;

  /// An account each, as soon as the windows are gone. What cannot be made is told.
  void add(int source_account, const std::vector<SharedMailbox>& mailboxes);

  /// The fields follow the intents: no account window is open.
  void accounts_followed();

 private:
  struct Wanted {
    int source_account;
    SharedMailbox mailbox;
  };

  void schedule();
  void proceed();
  void make(const Wanted& wanted);
  PrefsAccount* append(const Wanted& wanted);
  void make_folders(PrefsAccount* account);

  Engine& engine_;
  FieldFollower& follower_;
  AccountGate& gate_;
  AccountFolders& folders_;
  std::deque<Wanted> wanted_;
  bool asked_ = false;   ///< For a turn.
  bool making_ = false;  ///< Reading the folders runs a nested loop.
};

}  // namespace mail_oauth::claws
