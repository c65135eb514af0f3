// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON pointers (RFC 6901): how sources and messages name a value of a manifest. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"

namespace mail_oauth::manifest {

/// A key as it stands in a pointer: "~" and "/" escaped (section 3).
std::string pointer_token(std::string_view key);

/// What the pointer names. Nothing: there is no such value, or it is no pointer.
std::optional<Json> at_pointer(const Json& document, std::string_view pointer);

/// Pointers to everything in an object that is not itself an object, in order.
std::vector<std::string> leaf_pointers(const Json& object);

}  // namespace mail_oauth::manifest
