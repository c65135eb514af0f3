// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one gate to the host's accounts: who may write them, and when.
//
// It alone knows whether an account window or the list of accounts is open, whether the host is
// inside a call of its own, and what each account was before. Three properties of the host make it
// necessary (ARCHITECTURE.md, "The gate to the accounts"): its writer uses the very variable that
// an open account window edits; from its first save to its end that window has freed strings of the
// live account; and the host iterates the main loop inside of its own calls, whose strings are the
// account's. So fields change in a turn, which comes from the outermost main loop only; files are
// written at any time at which no account window is open, and what is read while one is, is what
// was kept. Main thread only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "claws/host.h"
#include "claws/live_account.h"

namespace mail_oauth::claws {

class AccountGate {
 public:
  AccountGate();
  ~AccountGate();
  AccountGate(const AccountGate&) = delete;
  AccountGate& operator=(const AccountGate&) = delete;

  /// The gate of the plugin that is loaded; null when there is none.
  static const AccountGate* standing();

  enum class Windows {
    kNoAccount,  ///< No account window is open.
    kNone,       ///< Nor is the host's list of accounts, which makes its list anew when it closes.
  };

  /// Once, from the outermost main loop: nothing of the host is on the stack, and no such window
  /// is open. What is asked for in a turn gets the next one.
  void in_turn(Windows windows, std::function<void()> task);
  /// Whether fields could change now, without a turn: as when the host loads the plugin.
  bool is_free() const;

  /// From create_widget to destroy_widget of our page. `account`: of the window; a new one is not
  /// in the host's list yet.
  void window_opened(PrefsAccount* account);
  void window_closed();
  bool window_is_open() const { return windows_ > 0; }
  static bool list_is_open();

  /// All accounts to disk. While an account window is open: with the first turn after it.
  void write();

  /// What the accounts log in with now; later it is known as what they logged in with before.
  /// Does nothing while an account window is open.
  void remember();

  /// From before the window that is open; null when none is, or it was not there then.
  const LiveAccount* kept(int account_id) const;
  /// Since the host started.
  std::vector<KnownLogin> logins_of(int account_id) const;
  /// When it is deleted: the next account may get its id.
  void forget(int account_id) { logins_.erase(account_id); }

  /// What an account's fields follow.
  struct Followed {
    AccountIntent intent;
    bool signs_in_to_send = false;
    std::string sends_at;  ///< For which that was decided.
  };
  /// From here on; nothing: it is not known.
  void note_followed(int account_id, std::optional<Followed> followed);
  /// Null when that is not known, as before they followed first.
  const Followed* followed(int account_id) const;

 private:
  struct Source;
  struct Task {
    Windows windows;
    std::function<void()> run;
  };

  static gboolean prepare(GSource* source, int* timeout);
  static gboolean check(GSource* source);
  static gboolean dispatch(GSource* source, GSourceFunc, gpointer);
  bool may_run(const Task& task) const;
  bool has_turn() const;
  void take_turn();
  void note_all();
  void note(const AccountView& view);

  std::vector<Task> tasks_;
  int windows_ = 0;
  bool unwritten_ = false;
  std::map<int, LiveAccount> kept_;
  std::map<int, std::vector<KnownLogin>> logins_;
  std::map<int, Followed> followed_;
  GSource* source_ = nullptr;
};

}  // namespace mail_oauth::claws
