// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/carrying_limits.h"

#include <string>

#include "base/i18n.h"

namespace mail_oauth::claws {
namespace {

bool writes_pop_in_two_lines(HostVersion host) {
  return host.major_number > 4 || (host.major_number == 4 && host.minor_number >= 2);
}

}  // namespace

std::size_t carrying_limit(HostVersion host, Protocol protocol) {
  const bool newer = writes_pop_in_two_lines(host);
  switch (protocol) {
    case Protocol::kImap:
      return newer ? 8000 : 12000;
    case Protocol::kPop:
      // 4.1: "AUTH XOAUTH2 " + base64 of 20 + user + token + CRLF + NUL in 512 bytes.
      return newer ? 6100 : 352;
    case Protocol::kSmtp:
      return 8000;
  }
  return 0;
}

Result<void> can_carry(HostVersion host, Protocol protocol, std::size_t user_bytes,
                       std::size_t token_bytes) {
  const std::size_t limit = carrying_limit(host, protocol);
  if (user_bytes <= limit && token_bytes <= limit - user_bytes) return {};
  const std::string version =
      std::to_string(host.major_number) + "." + std::to_string(host.minor_number);
  const std::string advice = protocol == Protocol::kPop && !writes_pop_in_two_lines(host)
                                 ? _("Use IMAP for this account, or Claws Mail 4.2 or newer.")
                                 : _("Ask whoever runs the sign-in service for shorter tokens.");
  return make_error(
      Error::Kind::kRefused,
      format(
          _("Claws Mail {} cannot send this account's token over {}: name and token are {} bytes "
            "long, and it can send {}. {}"),
          {version, protocol_title(protocol), std::to_string(user_bytes + token_bytes),
           std::to_string(limit), advice}));
}

}  // namespace mail_oauth::claws
