// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes the sign-ins of the host's own OAuth over, and gives them back.
//
// A refresh token has one owner at a time, since a provider may end a sign-in whose old token comes
// again. So it is taken once the account is turned on and the host's copy is out of its reach
// (password_mover.h), where it stays for a turning off that finds nothing better; and when the
// account is turned off, the newest one goes back to the host's place and is forgotten here. Main
// thread only.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "claws/account_gate.h"
#include "claws/engine.h"
#include "claws/host.h"
#include "signin/take_over.h"

namespace mail_oauth::claws {

class TakeOverDesk {
 public:
  /// Both have to outlive it.
  TakeOverDesk(Engine& engine, AccountGate& gate);
  ~TakeOverDesk();
  TakeOverDesk(const TakeOverDesk&) = delete;
  TakeOverDesk& operator=(const TakeOverDesk&) = delete;

  /// With the next accounts_followed(), if the account is on then; or not after all.
  void want(int account_id, bool wanted);
  void accounts_followed();

  /// The account was turned off, and its fields and entries are the host's again. `intent`: as it
  /// was. Does nothing unless its sign-in was taken over.
  void turned_off(int account_id, const AccountIntent& intent);

 private:
  struct Taking;
  struct Returning;

  void take(int account_id);
  void keep_secret(int account_id, const signin::Ports& ports, const ClientKey& client,
                   ClientSecret secret);
  void start(int account_id);
  void taken(int account_id, const Result<GrantKey>& key);
  void prove(int account_id, const GrantKey& key, Protocol protocol);
  bool stays(int account_id, const std::string& name, const AccountIntent& intent);
  bool keeps(int account_id, const GrantKey& key);
  void found(int account_id, Result<std::optional<Grant>> grant);
  void given_up(int account_id, const Result<std::vector<Grant>>& last);

  Engine& engine_;
  AccountGate& gate_;
  std::set<int> wanted_;
  std::map<int, std::unique_ptr<Taking>> taking_;
  std::map<int, std::unique_ptr<Returning>> returning_;
};

}  // namespace mail_oauth::claws
