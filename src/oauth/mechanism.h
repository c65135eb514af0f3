// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two SASL mechanisms that carry a token. Values; any thread.
#pragma once

namespace mail_oauth {

enum class Mechanism { kXoauth2, kOauthbearer };

}  // namespace mail_oauth
