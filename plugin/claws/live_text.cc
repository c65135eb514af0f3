// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/live_text.h"

#include <glib.h>

#include <vector>

namespace mail_oauth::claws {
namespace {

/// Where a leak checker finds them; it is not destroyed either.
std::vector<char*>& replaced() {
  static auto& texts = *new std::vector<char*>;
  return texts;
}

}  // namespace

void replace_text(char*& field, const std::string& value) {
  if (field == nullptr ? value.empty() : value == field) return;
  if (field) replaced().push_back(field);
  field = g_strdup(value.c_str());
}

}  // namespace mail_oauth::claws
