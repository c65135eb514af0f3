// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/prompt_match.h"

namespace mail_oauth::claws {
namespace {

bool belongs_to_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '@' ||
         c == '_' || c == '+' || c == '-' || c == '.';
}

bool ends_before(std::string_view text, std::size_t start) {
  return start == 0 || !belongs_to_a_name(text[start - 1]);
}

bool ends_after(std::string_view text, std::size_t end) {
  // A full stop ends the sentence unless the name goes on behind it.
  while (end < text.size() && text[end] == '.') ++end;
  return end == text.size() || !belongs_to_a_name(text[end]);
}

}  // namespace

bool mentions(std::string_view text, std::string_view name) {
  if (name.empty()) return false;
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    if (ends_before(text, at) && ends_after(text, at + name.size())) return true;
  }
  return false;
}

}  // namespace mail_oauth::claws
