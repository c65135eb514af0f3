// SPDX-License-Identifier: GPL-3.0-or-later
//
// The last failure of each thread, for mail_oauth_last_error(). Any thread, each its own.
#pragma once

#include "base/guarded.h"
#include "base/result.h"
#include "capi/mail_oauth.h"

namespace mail_oauth::capi {

void begin_entry();
mail_oauth_kind end_entry(const Result<void>& result);

/// Runs one entry point: what it fails with becomes this thread's last error, and its kind is
/// returned. A throw is kInternal. What the mechanisms said before is forgotten.
template <class Body>
mail_oauth_kind entry(const char* where, Body&& body) noexcept {
  return guarded(where, MAIL_OAUTH_INTERNAL, [&] {
    begin_entry();
    return end_entry(body());
  });
}

/// As mail_oauth_last_error().
mail_oauth_kind last_error(const char** words);

}  // namespace mail_oauth::capi
