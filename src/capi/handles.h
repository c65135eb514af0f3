// SPDX-License-Identifier: GPL-3.0-or-later
//
// What C holds of ours, so that one function can take anything back, and what is no longer ours
// does no harm. Process-wide; any thread.
#pragma once

#include <memory>

#include "base/secret.h"
#include "capi/mail_oauth.h"
#include "capi/session.h"

namespace mail_oauth::capi {

/// Kept until give_back().
mail_oauth_session* hand_out(std::shared_ptr<Session> session);
char* hand_out(AccessToken token);

/// Null when it is none of ours, or was given back.
std::shared_ptr<Session> session_of(const mail_oauth_session* handle);

/// Wipes a token, ends a session, and lets anything else alone.
void give_back(void* handed_out);

}  // namespace mail_oauth::capi
