// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an OAuth endpoint says about its refusal, beside the error code: kept for the person and for
// the provider's support. Nothing is decided by it. Pure; any thread.
#pragma once

#include <string_view>

#include "base/error.h"
#include "codec/json.h"

namespace mail_oauth::oauth {

/// Keeps an `error_description` in `error`: its words (`what` says them, too), the code at its
/// start, and a correlation id that stands in it, when there is none yet.
void keep_description(Error& error, std::string_view description);

/// Keeps all that the JSON body of a refusal says beside its `error`: correlation_id, error_codes,
/// suberror (error_subtype at some providers), error_description.
void keep_details(Error& error, const Json& body);

}  // namespace mail_oauth::oauth
