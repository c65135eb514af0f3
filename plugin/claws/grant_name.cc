// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/grant_name.h"

#include <glib.h>

#include <vector>

#include "base/cptr.h"
#include "codec/form.h"

namespace mail_oauth::claws {

std::string grant_name(const GrantKey& key) {
  std::string name = "grant";
  for (const auto* part :
       {&key.client.provider, &key.client.client, &key.client.tenant, &key.identity}) {
    name += ":" + percent_encoded(*part);
  }
  return name;
}

std::optional<GrantKey> grant_of_name(std::string_view name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() != 5 || parts.front() != "grant") return std::nullopt;
  for (auto& part : parts) {
    const GCharPtr plain(g_uri_unescape_string(part.c_str(), nullptr));
    if (!plain) return std::nullopt;
    part = plain.get();
  }
  return grant_key({parts[1], parts[2], parts[3]}, parts[4]);
}

}  // namespace mail_oauth::claws
