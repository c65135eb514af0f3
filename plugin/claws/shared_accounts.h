// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes accounts for shared mailboxes while the host runs, which it has no function for.
//
// What its own account_add() does is done here, in the same order. What holds on 4.1.1 and 4.3.1 is
// in ARCHITECTURE.md ("Accounts that the plugin makes"). Above all: closing the host's list of
// accounts makes its account list anew of what is shown there, so that an account made meanwhile
// would be lost; and an account window shares its fields with prefs_account_new(). So it waits
// until neither is open. Main thread only.
#pragma once

#include <deque>
#include <vector>

#include "claws/engine.h"
#include "claws/field_follower.h"
#include "claws/host.h"
#include "claws/shared_mailbox.h"

namespace mail_oauth::claws {

class SharedAccounts {
 public:
  /// Both have to outlive it.
  SharedAccounts(Engine& engine, FieldFollower& follower) : engine_(engine), follower_(follower) {}
  ~SharedAccounts();
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
  void wait_for(GtkWidget* list_window);
  void stop_waiting();
  static gboolean on_idle(gpointer self);
  static void on_hide(GtkWidget*, gpointer self);

  Engine& engine_;
  FieldFollower& follower_;
  std::deque<Wanted> wanted_;
  bool making_ = false;  ///< Reading the folders runs a nested loop.
  guint idle_ = 0;
  GtkWidget* list_window_ = nullptr;  ///< While waiting for it; the host keeps it once made.
};

}  // namespace mail_oauth::claws
