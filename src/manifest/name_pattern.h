// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patterns for names in the DNS, as manifests hold them: "example.com" is that name,
// "*.example.com" every name below it. Pure; any thread.
#pragma once

#include <string_view>

namespace mail_oauth::manifest {

/// Letters, digits, dots, hyphens and underscores, with "*." in front or not; other characters
/// stand for nothing that can be looked up.
bool acceptable_pattern(std::string_view pattern);

/// REQUIRES: both in lower case, `name` without its last dot.
bool name_fits(std::string_view pattern, std::string_view name);

}  // namespace mail_oauth::manifest
