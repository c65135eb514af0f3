// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a deleted account leaves behind: its passwords in our block, and a sign-in.
//
// The host deletes only its own block of an account. What was put away for it goes with it, and a
// grant that no account uses any more, too, where only the host's accounts could have used it; one
// in the keyring may serve other programs, so that its end is offered. Goes only by what it has
// seen, with every account that followed, and then not any more: accounts that are missing at the
// start may be in a file that somebody is about to put back. The host gives the id of a deleted
// account to the next one that is made, so its passwords go before that one can have any; sign-ins
// when the list of accounts is closed. Main thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claws/account_gate.h"
#include "claws/engine.h"
#include "claws/sign_out_offers.h"
#include "signin/sign_out.h"

namespace mail_oauth::claws {

class DeletedAccounts {
 public:
  /// Both have to outlive it.
  DeletedAccounts(Engine& engine, AccountGate& gate);
  ~DeletedAccounts();
  DeletedAccounts(const DeletedAccounts&) = delete;
  DeletedAccounts& operator=(const DeletedAccounts&) = delete;

  /// REQUIRES: notice() was called when they began to.
  void accounts_followed();

  /// Called with the id of each that is gone, before another one has it.
  using Gone = std::function<void(int account_id)>;
  void when_gone(Gone gone) { gone_ = std::move(gone); }

  /// Before accounts follow, and before a window can make one. Outside of the host's own loops over
  /// its accounts.
  void notice();

 private:
  struct Known {
    const void* who = nullptr;            ///< Compared only: the host never frees an account.
    std::optional<AccountIntent> intent;  ///< How it signs in, or did before it was turned off.
  };

  static gboolean on_accounts(gpointer, gpointer self);
  void look_soon();
  bool learn();
  void look();
  void part_with(const GrantKey& key, const AccountIntent& intent);
  void sign_out(const GrantKey& key, const AccountIntent& intent);

  Engine& engine_;
  AccountGate& gate_;
  bool asked_ = false;
  Gone gone_;
  std::map<int, Known> known_;       ///< By account id.
  std::vector<AccountIntent> left_;  ///< Of those that are gone.
  std::map<GrantKey, AccountIntent> offered_;
  std::map<GrantKey, Call> asking_;
  std::map<GrantKey, std::unique_ptr<signin::SignOut>> ending_;
  SignOutOffers offers_;
  gulong hook_ = 0;
};

}  // namespace mail_oauth::claws
