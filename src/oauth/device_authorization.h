// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first half of a sign-in on another device: reading the code that was asked for (RFC 8628
// section 3.2).
//
// token_request.h has the request, device_poll.h the second half. Pure; any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::oauth {

struct DeviceAuthorization {
  DeviceCode device_code;                 ///< Ours: whoever has it gets the tokens.
  std::string user_code;                  ///< For the person to type.
  std::string verification_uri;           ///< Where they type it.
  std::string verification_uri_complete;  ///< With the code in it; empty when not given.
  std::chrono::seconds expires_in{900};
  std::chrono::seconds interval{5};  ///< Between polls; 5 s when not given (section 3.2).
};

/// Reads a whole answer of the device authorization endpoint.
///
/// Numbers may be strings; an address may be named `verification_url`, as an older draft had it;
/// 15 minutes where no lifetime is given, a day at most. An address that is neither https nor http
/// on loopback is not shown to anybody: kProtocol for the one that is needed, ignored for the
/// complete one. kProtocol too: no JSON, a code missing, control characters. Otherwise as
/// classify_error, in words that fit.
Result<DeviceAuthorization> parse_device_authorization(int status, std::string_view body);

}  // namespace mail_oauth::oauth
