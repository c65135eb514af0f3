// SPDX-License-Identifier: GPL-3.0-or-later
//
// SMTP's answers (RFC 5321 section 4.2), and EHLO by ourselves: mailesmtp_ehlo of libetpan 1.9.4
// looks for ever at a list of mechanisms that has a tab in it. The thread that owns the session.
#pragma once

#include <libetpan/mailsmtp.h>

#include <string>

#include "base/result.h"
#include "etpan/stream.h"

namespace mail_oauth::etpan {

struct SmtpAnswer {
  int number = 0;
  std::string text;  ///< The lines without their codes, `separator` between them.
};

/// kTransient with the code "connection", or kProtocol: a line without a code, or too many lines.
Result<SmtpAnswer> read_smtp_answer(mailsmtp* session, Stream& stream, char separator);

/// Says EHLO with the address of our end, and keeps the answer in the session as mailesmtp_ehlo
/// does: `response` with a keyword a line, `esmtp` and `smtp_max_msg_size`. kProtocol where the
/// server does not take it; else as read_smtp_answer.
Result<void> say_ehlo(mailsmtp* session, Stream& stream);

}  // namespace mail_oauth::etpan
