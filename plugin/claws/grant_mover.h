// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps each grant where its accounts say. When one account's word changes, all that share the
// grant get it, and the grant moves: written in the new place first, then erased in the old one.
// Main thread only.
#pragma once

#include <map>

#include "claws/account_gate.h"
#include "claws/engine.h"

namespace mail_oauth::claws {

class GrantMover {
 public:
  /// Both have to outlive it.
  GrantMover(Engine& engine, AccountGate& gate) : engine_(engine), gate_(gate) {}

  /// After the accounts' fields have followed. The first time nothing moves: what was cut short is
  /// found where it is, and moves when it is renewed.
  void accounts_followed();

 private:
  void move(const GrantKey& key, GrantPlace place);

  Engine& engine_;
  AccountGate& gate_;
  bool first_ = true;
  std::map<GrantKey, Call> moving_;
};

}  // namespace mail_oauth::claws
