// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the JSON of a manifest to a Provider. Pure; any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "codec/json.h"
#include "oauth/provider.h"

namespace mail_oauth::manifest {

/// Reads one manifest. Keys may be missing: a file that extends another says only what differs.
///
/// kConfig, naming `file` and the key by its JSON pointer: an unknown key, a wrong type or value,
/// an endpoint that is neither https nor http on loopback, another schema than 1.
Result<Provider> read_provider(const Json& document, const std::string& file);

/// Whether a provider, put together from all its files, can be used. kConfig, naming the file and
/// what is missing: a name, an issuer or both endpoints, scopes or a server for one protocol.
Result<void> check_complete(const Provider& provider);

/// A name that is also a file's name: lower-case letters, digits, ".", "_" and "-", no leading dot.
bool acceptable_id(std::string_view id);

}  // namespace mail_oauth::manifest
