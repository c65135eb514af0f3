// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/protocol.h"

namespace mail_oauth {

std::string_view protocol_word(Protocol protocol) {
  switch (protocol) {
    case Protocol::kImap:
      return "imap";
    case Protocol::kPop:
      return "pop";
    case Protocol::kSmtp:
      return "smtp";
  }
  return "imap";
}

std::string_view protocol_title(Protocol protocol) {
  switch (protocol) {
    case Protocol::kImap:
      return "IMAP";
    case Protocol::kPop:
      return "POP3";
    case Protocol::kSmtp:
      return "SMTP";
  }
  return "IMAP";
}

std::optional<Protocol> protocol_from_word(std::string_view word) {
  if (word == "imap") return Protocol::kImap;
  if (word == "pop" || word == "pop3") return Protocol::kPop;
  if (word == "smtp") return Protocol::kSmtp;
  return std::nullopt;
}

}  // namespace mail_oauth
