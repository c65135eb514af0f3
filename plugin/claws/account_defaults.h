// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the host knows of an account that is not ours yet: what the page proposes for it. Main
// thread only.
#pragma once

#include "claws/built_in_sign_in.h"
#include "claws/form_values.h"
#include "claws/host.h"
#include "manifest/catalog.h"

namespace mail_oauth::claws {

/// `catalog` knows whose the account's servers are.
BuiltInSignIn built_in_of(const PrefsAccount& account, const manifest::Catalog& catalog);

/// What tells whose an account is, and what the host's own OAuth signs in with.
struct AccountSigns {
  std::string address;
  std::string receive_server;
  std::string send_server;
  std::string client;

  bool operator==(const AccountSigns&) const = default;
};

AccountSigns signs_of(const PrefsAccount& account);

FormDefaults defaults_for(const AccountSigns& signs, const manifest::Catalog& catalog,
                          const BuiltInSignIn& built_in);

}  // namespace mail_oauth::claws
