// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a C program says about an account and about a session, read into values of ours.
//
// Older programs have smaller structures: members behind their size count as zero. Pure; any
// thread.
#pragma once

#include <string>

#include "base/result.h"
#include "capi/mail_oauth.h"
#include "oauth/grant_filter.h"
#include "oauth/provider.h"

namespace mail_oauth::capi {

struct Account {
  GrantFilter filter;
  std::string mailbox;  ///< Empty: the person's own.

  /// Whether the grant is named completely, so that nobody has to look for it.
  bool exact() const { return !filter.provider.empty() && !filter.client.empty(); }
};

/// kConfig: NULL, a size that no version had, or an address that is none.
Result<Account> read_account(const mail_oauth_account* account);

struct Options {
  bool never_prompt = false;
  bool plain_on_loopback = false;
};

/// `options` may be NULL. kConfig: a size that no version had.
Result<Options> read_options(const mail_oauth_options* options);

/// kConfig: none of the three.
Result<Protocol> read_protocol(int protocol);

/// The name beside the token: of the person or of the mailbox, as the provider wants it.
std::string sasl_user(const Account& account, const GrantKey& key, const Provider& provider,
                      Protocol protocol);

}  // namespace mail_oauth::capi
