// SPDX-License-Identifier: GPL-3.0-or-later
#include "cyrus/token_shape.h"

#include <algorithm>
#include <string_view>

namespace mail_oauth::cyrus {

namespace {

bool permitted(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~+/").find(c) != std::string_view::npos;
}

}  // namespace

bool can_be_token(const AccessToken& token) {
  std::string_view bytes = token.reveal();
  if (bytes.size() < kShortestToken) return false;
  while (!bytes.empty() && bytes.back() == '=') bytes.remove_suffix(1);
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), permitted);
}

}  // namespace mail_oauth::cyrus
