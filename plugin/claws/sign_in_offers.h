// SPDX-License-Identifier: GPL-3.0-or-later
//
// Offers the sign-in for accounts whose provider takes no passwords, and that nobody has turned on
// or off yet: otherwise nothing points to the account's page.
//
// An account is turned on once the sign-in that was offered has brought somebody in, never before,
// and by no other sign-in: until then nothing of it changes. "Not for this account" is kept with
// the account, and it is not asked about again. Main thread only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "claws/account_gate.h"
#include "claws/engine.h"
#include "claws/field_follower.h"
#include "claws/offer_bar.h"
#include "claws/sign_in_desk.h"

namespace mail_oauth::claws {

class SignInOffers {
 public:
  /// All have to outlive it.
  SignInOffers(Engine& engine, FieldFollower& follower, AccountGate& gate, SignInDesk& desk);

  /// REQUIRES: a turn of the gate, or that it is free.
  void accounts_followed();

 private:
  struct Found {
    AccountIntent intent;  ///< As it would be turned on.
    OfferBar::Offer offer;
  };

  std::optional<Found> offer_for(PrefsAccount* account, const manifest::Catalog& catalog) const;
  void accept(int account_id);
  void decline(int account_id);
  void turn_on(int account_id, const AccountIntent& intent);

  Engine& engine_;
  FieldFollower& follower_;
  AccountGate& gate_;
  SignInDesk& desk_;
  std::map<int, AccountIntent> offered_;
  std::set<int> turned_on_;  ///< Mail is fetched once their fields follow.
  OfferBar bar_;
};

}  // namespace mail_oauth::claws
