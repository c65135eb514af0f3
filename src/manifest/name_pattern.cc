// SPDX-License-Identifier: GPL-3.0-or-later
#include "manifest/name_pattern.h"

#include <glib.h>

#include <algorithm>

namespace mail_oauth::manifest {

namespace {

bool below_something(std::string_view pattern) { return pattern.substr(0, 2) == "*."; }

}  // namespace

bool acceptable_pattern(std::string_view pattern) {
  const std::string_view name = below_something(pattern) ? pattern.substr(2) : pattern;
  return !name.empty() && name.front() != '.' && name.back() != '.' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return g_ascii_isalnum(c) || c == '.' || c == '-' || c == '_'; });
}

bool name_fits(std::string_view pattern, std::string_view name) {
  if (!below_something(pattern)) return pattern == name;
  const std::string_view tail = pattern.substr(1);  // ".example.com"
  return name.size() > tail.size() && name.substr(name.size() - tail.size()) == tail;
}

}  // namespace mail_oauth::manifest
