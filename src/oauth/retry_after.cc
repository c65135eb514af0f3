// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/retry_after.h"

#include <time.h>

#include <algorithm>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

namespace mail_oauth::oauth {

namespace {

using std::chrono::seconds;

constexpr std::size_t kMostDigits = 9;       // about 31 years
constexpr time_t kLastTime = 9'000'000'000;  // 2255: later ones do not fit into a WallTime

std::optional<WallTime> date(const std::string& value) {
  struct Form {
    const char* pattern;
    std::size_t shortest;  // libstdc++ takes a text that ends early for a match
  };
  static constexpr Form kForms[] = {
      {"%a, %d %b %Y %H:%M:%S GMT", 29},  // IMF-fixdate
      {"%a, %d-%b-%y %H:%M:%S GMT", 30},  // RFC 850
      {"%a %b %d %H:%M:%S %Y", 24},       // asctime
  };
  for (const Form& form : kForms) {
    if (value.size() < form.shortest) continue;
    std::istringstream stream(value);
    stream.imbue(std::locale::classic());
    tm parts{};
    stream >> std::get_time(&parts, form.pattern);
    if (stream.fail() || stream.peek() != std::istringstream::traits_type::eof()) continue;
    return std::chrono::system_clock::from_time_t(std::clamp(timegm(&parts), time_t{0}, kLastTime));
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view value) {
  const std::size_t begin = value.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return value.substr(begin, value.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

std::optional<seconds> retry_after(std::string_view value, WallTime now) {
  const std::string text(trimmed(value));
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") == std::string::npos) {
    if (text.size() > kMostDigits) return std::nullopt;
    return seconds(std::stol(text));
  }
  const auto then = date(text);
  if (!then) return std::nullopt;
  return std::max(seconds(0), std::chrono::ceil<seconds>(*then - now));
}

std::optional<WallTime> http_date(std::string_view value) {
  return date(std::string(trimmed(value)));
}

}  // namespace mail_oauth::oauth
