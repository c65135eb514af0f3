// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program that uses Cyrus SASL tells a client mechanism: user, password and server.
//
// Only through the program's callbacks, never by questions to the person. The thread of the
// exchange.
#pragma once

#include <sasl/sasl.h>
#include <sasl/saslplug.h>

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace mail_oauth::cyrus {

/// The authentication name; where that is empty, the name of the user. kConfig: neither.
Result<std::string> user_of(const sasl_client_params_t& params);

/// The program's password, which for these mechanisms is an access token. kConfig: none.
Result<AccessToken> password_as_token(const sasl_client_params_t& params);

/// As the program named it; may be empty.
std::string_view host_of(const sasl_client_params_t& params);

/// 0 when it is not known.
int port_of(const sasl_client_params_t& params);

}  // namespace mail_oauth::cyrus
