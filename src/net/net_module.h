// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one door into the module `mail-oauth-net.so`. Both sides are built together, so C++ types may
// cross; each has its own copy of base (see base/secret_arena.h).
#pragma once

#include "net/http_options.h"
#include "ports/http_client.h"

#define MAIL_OAUTH_NET_MODULE "mail-oauth-net.so"
#define MAIL_OAUTH_NET_ENTRY "mail_oauth_net_open"

extern "C" {
/// The caller owns what comes back. Null when there is no memory.
using MailOauthNetOpen = mail_oauth::HttpClient* (*)(const mail_oauth::HttpOptions* options);
}
