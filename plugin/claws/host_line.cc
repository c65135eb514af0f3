// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/host_line.h"

#include <charconv>

namespace mail_oauth::claws {

HostLine::HostLine(std::string_view format) {
  words_.emplace_back();
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%' || at + 1 == format.size()) {
      words_.back() += format[at];
      continue;
    }
    ++at;
    std::size_t number = order_.size() + 1;
    const auto letter = format.find_first_not_of("0123456789$", at);
    if (letter == std::string_view::npos) break;
    if (letter > at) std::from_chars(format.data() + at, format.data() + letter, number);
    at = letter;
    order_.push_back(number - 1);
    words_.emplace_back();
  }
}

std::optional<std::vector<std::string>> HostLine::values(std::string_view line) const {
  const auto start = line.find(words_.front());
  if (order_.empty() || start == std::string_view::npos) return std::nullopt;
  line.remove_prefix(start + words_.front().size());
  std::vector<std::string> values(order_.size());
  for (std::size_t i = order_.size(); i-- > 0;) {
    const auto end = words_[i + 1].empty() ? line.size() : line.rfind(words_[i + 1]);
    if (end == std::string_view::npos || order_[i] >= values.size()) return std::nullopt;
    const std::string_view head = line.substr(0, end);
    std::size_t begin = 0;
    if (i > 0) {
      const auto before = head.rfind(words_[i]);
      if (before == std::string_view::npos) return std::nullopt;
      begin = before + words_[i].size();
    }
    values[order_[i]] = head.substr(begin);
    line = line.substr(0, begin);
  }
  return values;
}

}  // namespace mail_oauth::claws
