// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/peer_text.h"

#include <glib.h>

#include <algorithm>

#include "base/cptr.h"
#include "base/log.h"

namespace mail_oauth {

namespace {

constexpr std::size_t kLongest = 300;
constexpr std::size_t kLongestCode = 48;
constexpr std::size_t kTokenLike = 20;  // as in the log

bool shown(gunichar c) {
  switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
      return false;
    default:
      return true;
  }
}

bool is_digit(char c) { return g_ascii_isdigit(c); }
bool is_letter(char c) { return g_ascii_isalpha(c); }

std::string_view first_line(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start);
  return text.substr(0, text.find_first_of("\r\n"));
}

std::string without_controls(std::string_view line) {
  std::string out;
  if (line.empty()) return out;
  const GCharPtr valid(g_utf8_make_valid(line.data(), static_cast<gssize>(line.size())));
  for (const char* at = valid.get(); *at; at = g_utf8_next_char(at)) {
    const char* next = g_utf8_next_char(at);
    if (*at == '\t') {
      out += ' ';
    } else if (shown(g_utf8_get_char(at))) {
      out.append(at, next);
    }
  }
  return out;
}

std::string shortened(std::string text) {
  if (static_cast<std::size_t>(g_utf8_strlen(text.c_str(), -1)) <= kLongest) return text;
  const char* end = g_utf8_offset_to_pointer(text.c_str(), kLongest - 3);
  text.resize(static_cast<std::size_t>(end - text.c_str()));
  return text + "...";
}

}  // namespace

std::string peer_words(std::string_view text) {
  // Cut last: a token cut short would no longer look like one.
  return shortened(redacted(without_controls(first_line(text))));
}

std::string peer_code(std::string_view text) {
  if (text.size() > kLongestCode) return {};
  const bool word = std::all_of(text.begin(), text.end(),
                                [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  const bool loud = text.find('_') != std::string_view::npos &&
                    std::all_of(text.begin(), text.end(),
                                [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
  });
  return word || loud || (plain && text.size() < kTokenLike) ? std::string(text) : std::string();
}

std::string leading_code(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view word = text.substr(0, colon);
  const auto digit = std::find_if(word.begin(), word.end(), is_digit);
  const bool letters = std::all_of(word.begin(), digit, is_letter);
  const bool digits = digit != word.end() && std::all_of(digit, word.end(), is_digit);
  return letters && digits ? peer_code(word) : std::string();
}

std::string peer_guid(std::string_view text) {
  return g_uuid_string_is_valid(std::string(text).c_str()) && text.size() == 36 ? std::string(text)
                                                                                : std::string();
}

}  // namespace mail_oauth
