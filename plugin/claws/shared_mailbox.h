// SPDX-License-Identifier: GPL-3.0-or-later
//
// A shared mailbox that is to get an account of its own, made from the account of somebody who may
// open it: what was typed, whether another account has it already, and the intent it gets.
//
// Pure: knows neither GTK nor the host; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "claws/account_intent.h"
#include "claws/request_match.h"

namespace mail_oauth::claws {

struct SharedMailbox {
  std::string address;
  bool pop = false;  ///< POP3, which leaves the messages on the server; else IMAP.
};

/// What was typed, for an account that signs in as `identity`. Blanks around it do not count, and
/// an old name (explain/old_name.h) is the mailbox that it means. kConfig, in words for beside the
/// field, when it is no address, or when the old name signs in as somebody else.
Result<SharedMailbox> shared_mailbox(const std::string& typed, bool pop,
                                     const std::string& identity);

/// The first account that receives from this mailbox, by whatever way; nothing when there is none.
const AccountView* account_with(const std::string& address,
                                const std::vector<AccountView>& accounts);

/// The words that refuse a second account for one mailbox, with the name of the first.
Error already_there(const std::string& address, const std::string& account);

/// The same grant, for another mailbox. The host's fields have not followed it yet.
AccountIntent intent_for(const SharedMailbox& mailbox, const AccountIntent& source);

/// A name for the account and its folders that none of `accounts` has: folders are found by it, and
/// a slash would end it early.
std::string account_name_for(const std::string& address, const std::vector<AccountView>& accounts);

/// Finds the words of an IMAP server that refused, in the host's log.
class RefusalReader {
 public:
  /// The next line, with or without the time before it.
  void read(std::string_view line);

  /// Of the last refusal; empty when there was none.
  const std::string& words() const { return words_; }

 private:
  std::string answer_;  ///< To the login under way: the host shows it without tag and result.
  std::string words_;
};

}  // namespace mail_oauth::claws
