// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/shortening.h"

#include <glib.h>

#include <utility>

namespace mail_oauth::cli {

namespace {

constexpr std::string_view kStars = "***";
constexpr std::size_t kShortestName = 3;

bool high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool in_word(char c) { return g_ascii_isalnum(c) || high(c); }
bool in_local(char c) {
  return in_word(c) || std::string_view("._+-%=~").find(c) != std::string_view::npos;
}
bool in_domain(char c) { return in_word(c) || c == '.' || c == '-'; }
bool in_path(char c) { return in_local(c) || c == '/' || c == '@'; }

std::string first_character(std::string_view text) {
  if (text.empty()) return {};
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
  return std::string(text.substr(0, size));
}

std::string short_domain(std::string_view domain) {
  const auto dot = domain.rfind('.');
  std::string text = first_character(domain) + std::string(kStars);
  if (dot != std::string_view::npos) text += domain.substr(dot);
  return text;
}

/// Both kinds of "@", of which the second is one within an address of the web.
std::string without_addresses(std::string text, std::string_view at_sign) {
  std::size_t from = 0;
  for (;;) {
    const auto at = text.find(at_sign, from);
    if (at == std::string::npos) return text;
    std::size_t begin = at;
    while (begin > from && in_local(text[begin - 1])) --begin;
    std::size_t end = at + at_sign.size();
    while (end < text.size() && in_domain(text[end])) ++end;
    while (end > at + at_sign.size() && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    from = at + at_sign.size();
    if (begin == at || end == from) continue;
    const std::string_view whole(text);
    const std::string shorter = first_character(whole.substr(begin, at - begin)) +
                                std::string(kStars) + std::string(at_sign) +
                                short_domain(whole.substr(from, end - from));
    text.replace(begin, end - begin, shorter);
    from = begin + shorter.size();
  }
}

std::string without_name(std::string text, const std::string& name) {
  for (std::size_t at = 0; at + name.size() <= text.size(); ++at) {
    const std::size_t end = at + name.size();
    const bool alone =
        (at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]));
    if (!alone || g_ascii_strncasecmp(text.data() + at, name.data(), name.size()) != 0) continue;
    const std::string shorter =
        first_character(std::string_view(text).substr(at)) + std::string(kStars);
    text.replace(at, name.size(), shorter);
    at += shorter.size() - 1;
  }
  return text;
}

/// Those of two parts and more; what follows a colon, a letter or a slash belongs to a web address.
std::string without_paths(std::string text) {
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at)) {
    std::size_t end = at;
    while (end < text.size() && in_path(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '/')) --end;
    const bool begins = at == 0 || !(in_local(text[at - 1]) || text[at - 1] == ':');
    const auto last = text.rfind('/', end - 1);
    if (!begins || last == at) {
      at = end > at ? end : at + 1;
      continue;
    }
    text.replace(at, last - at, "...");
    at += 3 + (end - last);
  }
  return text;
}

}  // namespace

std::string short_address(std::string_view address) {
  return without_addresses(std::string(address), "@");
}

Shortening::Shortening(bool full, const std::vector<std::string>& addresses) : full_(full) {
  for (const std::string& address : addresses) {
    std::string name = address.substr(0, address.find('@'));
    if (name.size() >= kShortestName) names_.push_back(std::move(name));
  }
}

std::string Shortening::operator()(std::string_view text) const {
  std::string shorter(text);
  if (full_) return shorter;
  shorter = without_addresses(without_paths(std::move(shorter)), "@");
  shorter = without_addresses(std::move(shorter), "%40");
  for (const std::string& name : names_) shorter = without_name(std::move(shorter), name);
  return shorter;
}

Error Shortening::operator()(Error error) const {
  error.what = (*this)(error.what);
  error.said = (*this)(error.said);
  return error;
}

}  // namespace mail_oauth::cli
