// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/old_names.h"

#include <algorithm>

#include "explain/old_name.h"

namespace mail_oauth::cli {

namespace {

constexpr const char* kMailbox = "--mailbox";

bool knows_mailbox(const Grammar& grammar) {
  return std::any_of(grammar.options.begin(), grammar.options.end(),
                     [](const Option& option) { return std::string(option.name) == kMailbox; });
}

}  // namespace

Result<std::string> convert_old_names(const Grammar& grammar, Arguments& arguments) {
  std::string words;
  if (arguments.operands.empty()) return words;
  std::string& address = arguments.operands[0];
  if (const auto meaning = explain::from_old_name(address)) {
    words = explain::old_name_words(address, *meaning);
    if (meaning->identity.empty()) return make_error(Error::Kind::kConfig, words);
    address = meaning->identity;
    if (knows_mailbox(grammar)) arguments.options.try_emplace(kMailbox, meaning->mailbox);
  }
  const std::string mailbox = arguments.value(kMailbox);
  const auto meaning = explain::from_old_name(mailbox, explain::domain_of(address));
  if (!meaning || meaning->mailbox.empty()) return words;
  if (!words.empty()) words += "\n";
  words += explain::old_name_words(mailbox, {address, meaning->mailbox});
  arguments.options[kMailbox] = meaning->mailbox;
  return words;
}

}  // namespace mail_oauth::cli
