// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/shared_mailbox.h"

#include <glib.h>

#include <algorithm>
#include <utility>

#include "base/i18n.h"
#include "explain/old_name.h"

namespace mail_oauth::claws {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

bool same_name(const std::string& one, const std::string& other) {
  return g_ascii_strcasecmp(one.c_str(), other.c_str()) == 0;
}

/// It becomes the sender's address, too, so that a bare name is not enough.
bool is_an_address(const std::string& text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == text.size()) return false;
  return std::none_of(text.begin(), text.end(),
                      [](char c) {
                        const auto byte = static_cast<unsigned char>(c);
                        return byte <= 0x20 || byte == 0x7f || c == '<' || c == '>' || c == ',' ||
                               c == '\\';
                      }) &&
         text.find('@', at + 1) == std::string::npos;
}

bool receives_from(const AccountView& account, const std::string& address) {
  if (account.intent && same_name(account.intent->receive_user(), address)) return true;
  for (const auto* service : {&account.imap, &account.pop}) {
    if (*service && same_name((*service)->user, address)) return true;
  }
  return false;
}

/// "3 NO words" or "3 BAD words": a tag and the result stand before them.
std::optional<std::string> after_no(const std::string& answer) {
  const auto result = answer.find(' ');
  if (result == std::string::npos) return std::nullopt;
  for (const std::string_view no : {" NO ", " BAD "}) {
    if (answer.compare(result, no.size(), no) == 0) return answer.substr(result + no.size());
  }
  return std::nullopt;
}

}  // namespace

Result<SharedMailbox> shared_mailbox(const std::string& typed, bool pop,
                                     const std::string& identity) {
  SharedMailbox mailbox{trimmed(typed), pop};
  const auto meaning = explain::from_old_name(mailbox.address, explain::domain_of(identity));
  if (meaning && !meaning->mailbox.empty()) {
    if (!meaning->identity.empty() && !same_name(meaning->identity, identity)) {
      return make_error(
          Error::Kind::kConfig,
          format(_("This name signs in as {}, but this account signs in as {}. Enter only the "
                   "address of the shared mailbox: {}"),
                 {meaning->identity, identity, meaning->mailbox}));
    }
    mailbox.address = meaning->mailbox;
  }
  if (!is_an_address(mailbox.address)) {
    return make_error(Error::Kind::kConfig,
                      _("Enter the address of the shared mailbox, such as team@example.org."));
  }
  return mailbox;
}

const AccountView* account_with(const std::string& address,
                                const std::vector<AccountView>& accounts) {
  const auto found =
      std::find_if(accounts.begin(), accounts.end(),
                   [&](const AccountView& account) { return receives_from(account, address); });
  return found == accounts.end() ? nullptr : &*found;
}

Error already_there(const std::string& address, const std::string& account) {
  return make_error(Error::Kind::kConfig,
                    format(_("The account \"{}\" opens {} already."), {account, address}));
}

AccountIntent intent_for(const SharedMailbox& mailbox, const AccountIntent& source) {
  AccountIntent intent = source;
  intent.enabled = true;
  intent.mailbox = mailbox.address;
  intent.saved.reset();
  intent.unknown_fields.clear();  // What they say of the other account may not hold here.
  return intent;
}

std::string account_name_for(const std::string& address, const std::vector<AccountView>& accounts) {
  std::string name = address;
  std::replace(name.begin(), name.end(), '/', '-');
  const auto taken = [&](const std::string& candidate) {
    return std::any_of(accounts.begin(), accounts.end(), [&](const AccountView& account) {
      return same_name(account.name, candidate);
    });
  };
  std::string candidate = name;
  for (int number = 2; taken(candidate); ++number) {
    candidate = name + " (" + std::to_string(number) + ")";
  }
  return candidate;
}

void RefusalReader::read(std::string_view line) {
  if (line.find("IMAP> Logging ") != std::string_view::npos) return answer_.clear();
  constexpr std::string_view kFromServer = "IMAP< ";
  const auto from = line.find(kFromServer);
  if (from == std::string_view::npos) return;
  const std::string answer = trimmed(line.substr(from + kFromServer.size()));
  if (answer.rfind("Error logging in to ", 0) == 0) {
    words_ = std::exchange(answer_, {});
  } else if (const auto words = after_no(answer)) {
    answer_ = words_ = *words;
  } else if (!answer.empty() && std::string_view("*+[").find(answer.front()) == std::string::npos) {
    answer_ = answer;
  }
}

}  // namespace mail_oauth::claws
