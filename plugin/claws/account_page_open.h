// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the account page knows of the window that is open. For account_page.cc and its parts alone.
// Main thread only.
#pragma once

#include "claws/account_defaults.h"
#include "claws/account_page.h"
#include "claws/shared_mailbox_adder.h"

namespace mail_oauth::claws {

/// Everything about the window that is open.
struct AccountPage::Open {
  GtkWindow* window;
  PrefsAccount* account;
  std::string
      name;  ///< Of the account, before the window freed it: FieldFollower::window_opened().
  manifest::Catalog catalog;
  std::optional<AccountIntent> stored;
  std::optional<std::string> trouble;  ///< Why what is stored cannot be read.
  AccountView view;    ///< With what is typed on the host's pages, as of the last look.
  AccountSigns signs;  ///< The same.
  BuiltInSignIn built_in;
  FormDefaults proposed;
  FormValues untouched;  ///< What the page shows of itself.
  std::string provider;  ///< As last seen in the form.
  bool servers = false;  ///< Whether its servers were wanted then.
  std::unique_ptr<AccountForm> form;
  std::unique_ptr<SharedMailboxAdder> adder;
  Call state;
  guint resting = 0;  ///< The wait for the end of the typing.
  Call list;

  ~Open() {
    if (resting) g_source_remove(resting);
  }
};

}  // namespace mail_oauth::claws
