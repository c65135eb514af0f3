// SPDX-License-Identifier: GPL-3.0-or-later
#include "finder/domain.h"

#include <glib.h>

#include <algorithm>

#include "base/cptr.h"
#include "base/i18n.h"

namespace mail_oauth::finder {

namespace {

constexpr std::size_t kLongestName = 253;  // RFC 1035 section 2.3.4, as text

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
         name.front() != '-' && name.find("..") == std::string::npos &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return g_ascii_isalnum(c) || c == '.' || c == '-' || c == '_'; });
}

}  // namespace

Result<std::string> domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  const std::string domain(at == std::string_view::npos ? address : address.substr(at + 1));
  // Not UTF-8, or with a NUL: no name.
  const bool text = g_utf8_validate(domain.data(), static_cast<gssize>(domain.size()), nullptr);
  const GCharPtr ascii(text ? g_hostname_to_ascii(domain.c_str()) : nullptr);
  const GCharPtr lower(ascii ? g_ascii_strdown(ascii.get(), -1) : nullptr);
  std::string name = lower ? lower.get() : "";
  if (!name.empty() && name.back() == '.') name.pop_back();
  if (is_name(name)) return name;
  return make_error(Error::Kind::kConfig, _("The address has no usable domain."));
}

}  // namespace mail_oauth::finder
