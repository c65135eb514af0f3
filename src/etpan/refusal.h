// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a mail server's "no" means, and the words for it.
//
// A mail server never asks for a new sign-in: its refusals are kRefused or kTransient. Pure; any
// thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "etpan/dialogue.h"
#include "etpan/mechanism.h"

namespace mail_oauth::etpan {

struct Refusal {
  Error error;         ///< kRefused or kTransient, with the server's words.
  bool stale = false;  ///< Another token may be taken.
};

/// `challenge`: what came before the reply, if anything. `user` is who was refused.
Refusal judge(Protocol protocol, const Reply& reply, const std::optional<Challenge>& challenge,
              std::string_view user);

/// After a successful sign-in, the mailbox does not open (Exchange Online: "User is authenticated
/// but not connected", when token and user do not belong together).
Error mailbox_refused(Protocol protocol, const Reply& reply, std::string_view user);

/// After a successful SMTP sign-in, the server does not take `sender` (Exchange Online: 550 5.7.60,
/// no right to send as somebody else) or the message.
Error sending_refused(const Reply& reply, std::string_view user, std::string_view sender);

/// The response code at the start of a text, such as "[AUTHENTICATIONFAILED] ...", when it is a
/// known one of IMAP (RFC 5530) or POP3 (RFC 2449, 3206), else "". Takes it off the text.
std::string take_response_code(std::string& text);

/// The enhanced status code (RFC 3463) at the start of a text, such as "5.7.8", or "". Stays there.
std::string enhanced_status(std::string_view text);

}  // namespace mail_oauth::etpan
