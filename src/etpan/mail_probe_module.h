// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one door into the module `mail-oauth-etpan.so`, so that programs which rarely speak with mail
// servers load libetpan when they do. Both sides are built together, so C++ types may cross; each
// has its own copy of base (see base/secret_arena.h).
#pragma once

#include "ports/mail_probe.h"

#define MAIL_OAUTH_ETPAN_MODULE "mail-oauth-etpan.so"
#define MAIL_OAUTH_MAIL_PROBE_ENTRY "mail_oauth_mail_probe_open"

extern "C" {
/// The caller owns what comes back. Null when there is no memory.
using MailOauthMailProbeOpen =
    mail_oauth::MailProbe* (*)(const mail_oauth::MailProbeTarget* target);
}
