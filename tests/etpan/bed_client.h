// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bed around this test (tests/bed/README.md), and libetpan sessions to its servers. One thread.
#pragma once

#include <string>

#include "codec/json.h"
#include "crypto/certificate.h"
#include "etpan/login.h"
#include "scripted_mail.h"

namespace mail_oauth::testing {

/// A variable of the bed; ends the test when there is none.
std::string bed_variable(const char* name);
int bed_port(const char* name);

/// One operation of its control API; `arguments` is a JSON object in text. Ends the test when it
/// fails.
Json bed(const std::string& operation, const std::string& arguments = "{}");

/// Signs somebody in: an access token of that many bytes.
std::string bed_token(const std::string& user, int bytes = 2500);

/// A scripted server of the bed, by name of its script.
int bed_scripted(const std::string& script, const std::string& tls = "tls",
                 const std::string& certificate = "good");
/// The lines that it got.
std::vector<std::string> bed_received(int port);

/// The bed's authority.
const crypto::TrustAnchors& bed_anchors();

/// A login with verified TLS at localhost.
etpan::Login bed_login(const std::string& user, TokenList& list, int port);

ImapPtr imap_tls(int port);
PopPtr pop_tls(int port);
SmtpPtr smtp_tls(int port);

}  // namespace mail_oauth::testing
