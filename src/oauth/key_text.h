// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether names can be names in a store. Pure; any thread.
//
// A store keeps text: the Secret Service takes valid UTF-8 only, and libsecret answers nothing at
// all when it gets something else; a file of ours is JSON. So every store asks this first, and
// whoever takes names from outside may ask earlier.
#pragma once

#include <string_view>

#include "base/result.h"
#include "oauth/grant.h"

namespace mail_oauth {

/// kConfig, code "not-text": it is not valid UTF-8, or has a NUL in it. The words repeat it in a
/// form that can be shown.
Result<void> check_text(std::string_view text);

/// The same for each part of a key.
Result<void> check_text(const ClientKey& key);
Result<void> check_text(const GrantKey& key);

}  // namespace mail_oauth
