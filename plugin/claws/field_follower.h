// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes the host's account fields follow the intent, and keeps passwords out of the host's reach.
//
// Runs at load and after every account window, from an idle callback once the window is gone: what
// is written to the fields while it is open is overwritten by the host's edited copy. On the way
// in, passwords move before the fields say OAuth; on the way out, the fields are restored before
// passwords come back: killed at any point, no password stands where it would be sent as a token.
// Main thread only.
#pragma once

#include <functional>
#include <map>

#include "claws/host.h"
#include "claws/password_mover.h"
#include "oauth/provider.h"

namespace mail_oauth::claws {

/// Whose passwords an account's are, as its fields say.
struct AccountNames {
  PasswordOwner owner;
  bool speaks_oauth = false;  ///< In any protocol.
};

/// Of every account that is turned on, and of every one that says OAuth while its intent cannot be
/// read: whatever the host, a person or another plugin has stored since.
void put_managed_passwords_away();

class FieldFollower {
 public:
  FieldFollower() = default;
  ~FieldFollower();
  FieldFollower(const FieldFollower&) = delete;
  FieldFollower& operator=(const FieldFollower&) = delete;

  /// Called whenever the accounts have been gone through.
  void when_followed(std::function<void()> followed) { followed_ = std::move(followed); }

  /// Called when an account's fields and entries are the host's again, with the intent as it was.
  using TurnedOff = std::function<void(int account_id, const AccountIntent& intent)>;
  void when_turned_off(TurnedOff turned_off) { turned_off_ = std::move(turned_off); }

  /// All accounts, now. REQUIRES: no account window is open.
  void follow_all();

  /// All accounts, from an idle callback; until the window is gone only passwords are moved.
  void schedule();
  /// The provider's servers for an account, with the next following.
  void use_servers(int account_id, std::map<Protocol, MailServer> servers);

  /// From its first save (OK, or Apply) to its end, the host's window has freed strings of the live
  /// account, which still points at them: meanwhile the names from before it opened are used.
  void window_opened();
  void window_closed();
  bool window_is_open() const { return windows_ > 0; }

 private:
  static gboolean on_idle(gpointer self);
  void put_away_behind_window();
  bool take_edits(PrefsAccount* account);

  std::function<void()> followed_;
  TurnedOff turned_off_;
  int windows_ = 0;
  std::map<int, AccountNames> names_;  ///< By account id, from before the window that is open.
  std::map<int, std::map<Protocol, MailServer>> servers_;
  guint idle_ = 0;
};

}  // namespace mail_oauth::claws
