// SPDX-License-Identifier: GPL-3.0-or-later
//
// What C holds of ours, so that one function can take anything back, and what is no longer ours
// does no harm. Process-wide; any thread.
#pragma once

#include <memory>
#include <vector>

#include "base/secret.h"
#include "capi/mail_oauth.h"
#include "capi/session.h"

namespace mail_oauth::capi {

/// Kept until give_back().
mail_oauth_session* hand_out(std::shared_ptr<Session> session);
/// A copy.
char* hand_out(const AccessToken& token);

/// Null when it is none of ours, or was given back.
std::shared_ptr<Session> session_of(const mail_oauth_session* handle);

/// Gives all sessions back, those that a thread is just asking, too. Each may take the seconds in
/// which it waits for what the provider was asked already. Those that a forked child has of its
/// parent stay as they are. What is lost by it, or may be.
std::vector<Loss> end_sessions();

/// Lets end_sessions() run at exit(), before what was made until now is destroyed; what is lost is
/// said on standard error, as nobody can ask any more. To be called again, once, when there is more
/// that sessions stand on.
void end_sessions_at_exit();

/// Wipes a token, and lets what is not ours alone. A session is handed back: it ends with the last
/// who holds it. What was given back before is something else for ever if it was a session, and
/// until 64 more were given back if a token.
std::shared_ptr<Session> give_back(void* handed_out);

}  // namespace mail_oauth::capi
