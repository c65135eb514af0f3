// SPDX-License-Identifier: GPL-3.0-or-later
//
// A grant's whole key as the name of an entry in the host's store of passwords, where a line is cut
// at spaces. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oauth/grant.h"

namespace mail_oauth::claws {

inline constexpr char kGrantPrefix[] = "grant:";

/// "grant:PROVIDER:CLIENT:TENANT:IDENTITY", each percent-encoded.
std::string grant_name(const GrantKey& key);
/// Nothing when it is none of ours.
std::optional<GrantKey> grant_of_name(std::string_view name);

}  // namespace mail_oauth::claws
