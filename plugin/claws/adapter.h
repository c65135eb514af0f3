// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything the loaded plugin consists of: made at plugin_init, gone at plugin_done. The module
// itself stays mapped. Main thread only.
#pragma once

#include <memory>

#include "claws/account_folders.h"
#include "claws/account_gate.h"
#include "claws/account_page.h"
#include "claws/deleted_accounts.h"
#include "claws/engine.h"
#include "claws/field_follower.h"
#include "claws/grant_mover.h"
#include "claws/mechanism_tokens.h"
#include "claws/notice_desk.h"
#include "claws/password_hook.h"
#include "claws/shared_accounts.h"
#include "claws/sign_in_desk.h"
#include "claws/sign_in_offers.h"
#include "claws/take_over_desk.h"

namespace mail_oauth::claws {

class Adapter {
 public:
  Adapter();
  ~Adapter();
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

 private:
  AccountGate gate_;  ///< All others pass it.
  std::shared_ptr<Engine> engine_;
  FieldFollower follower_;
  GrantMover mover_;
  std::shared_ptr<NoticeDesk> notices_;  ///< Shared with the requests that wait.
  std::shared_ptr<PasswordHook> hook_;
  MechanismTokens mechanisms_;
  SignInDesk desk_;
  AccountFolders folders_;
  SharedAccounts shared_accounts_;
  TakeOverDesk take_overs_;
  SignInOffers offers_;
  AccountPage page_;
  DeletedAccounts deleted_;
};

}  // namespace mail_oauth::claws
