// SPDX-License-Identifier: GPL-3.0-or-later
#include "explain/old_name.h"

#include <algorithm>
#include <vector>

#include "base/i18n.h"

namespace mail_oauth::explain {

namespace {

/// Empty when a part is empty or holds what no name does.
std::vector<std::string_view> parts_of(std::string_view name) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = name.find_first_of("\\/");
    const std::string_view part = name.substr(0, end);
    const bool clean = std::none_of(part.begin(), part.end(), [](char c) {
      return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    });
    if (part.empty() || !clean || std::count(part.begin(), part.end(), '@') > 1) return {};
    parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    name.remove_prefix(end + 1);
  }
}

bool is_address(std::string_view part) {
  const std::size_t at = part.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < part.size();
}

/// Nothing when there is no domain to take.
std::string completed(std::string_view part, std::string_view domain) {
  if (is_address(part)) return std::string(part);
  const bool whole = part.find('@') == std::string_view::npos && !domain.empty();
  return whole ? std::string(part) + "@" + std::string(domain) : std::string();
}

}  // namespace

std::string_view domain_of(std::string_view address) {
  return is_address(address) ? address.substr(address.find('@') + 1) : std::string_view();
}

std::optional<OldName> from_old_name(std::string_view name, std::string_view domain) {
  const auto parts = parts_of(name);
  const bool by_address = parts.size() == 2 && is_address(parts[0]);
  if (!by_address && parts.size() != 3) return std::nullopt;
  // "contoso.com\alice\support" has a domain of the mail, "CONTOSO\..." only one of Windows.
  const bool dotted = parts.size() == 3 && parts[0].find('.') != std::string_view::npos;
  if (dotted) domain = parts[0];
  OldName meaning;
  meaning.identity = completed(parts[parts.size() - 2], domain);
  const std::string_view own = domain_of(meaning.identity);
  meaning.mailbox = completed(parts.back(), own.empty() ? domain : own);
  return meaning;
}

std::string old_name_words(std::string_view name, const OldName& meaning) {
  if (meaning.identity.empty() || meaning.mailbox.empty()) {
    return format(
        _("\"{1}\" is an old name for a shared mailbox, and does not say enough for OAuth: "
          "enter the address you sign in with, and the address of the mailbox."),
        {name});
  }
  return format(
      _("\"{1}\" is an old name for a shared mailbox. With OAuth you sign in as {2} and open "
        "the mailbox {3}."),
      {name, meaning.identity, meaning.mailbox});
}

}  // namespace mail_oauth::explain
