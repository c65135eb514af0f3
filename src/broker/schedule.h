// SPDX-License-Identifier: GPL-3.0-or-later
//
// When to renew and when to try again. Pure; `jitter` is in [0, 1).
#pragma once

#include <chrono>
#include <optional>

#include "oauth/grant.h"

namespace mail_oauth::schedule {

using std::chrono::seconds;

/// A token with less left is not handed out: it would end during the login.
inline constexpr seconds kLeastLeft{10};
/// Between identical requests that were refused (providers answer loops with a ban).
inline constexpr seconds kRefusedPause{60};
/// Between renewals that a mail server's refusal forces: what a new token did not mend, the next
/// one will not either.
inline constexpr seconds kForcedPause{3600};
inline constexpr seconds kLongestRetryAfter{3600};
/// Clocks are set a little every day. One that stands further before a token's arrival was set
/// back, or was ahead when the token came: its end by this clock says nothing then.
inline constexpr seconds kClockSlack{300};

/// Whether a token that came and ends then, by this clock, can still be handed out at `now`.
bool lasts(WallTime received_at, WallTime expires_at, WallTime now);
/// The same of a grant, which may have no token.
bool usable(const Grant& grant, WallTime now);

/// When to renew ahead: the margin before expiry, a quarter of the lifetime at most where that is
/// known, and the jitter doubles it: machines that got their tokens together do not come together.
WallTime ahead_at(WallTime expires_at, std::optional<seconds> lifetime, seconds margin,
                  double jitter);

/// After the `failures`th transient failure in a row (from 1): 5 s doubling to 15 min, of which the
/// jitter takes up to half. Where the peer has a wish, that, up to an hour, and the jitter adds up
/// to half: whoever was sent away at once must not come back at once.
seconds back_off(int failures, std::optional<seconds> retry_after, double jitter);

}  // namespace mail_oauth::schedule
