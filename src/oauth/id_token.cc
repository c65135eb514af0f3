// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/id_token.h"

#include <algorithm>
#include <optional>

#include "base/i18n.h"
#include "codec/base64url.h"
#include "codec/json.h"

namespace mail_oauth::oauth {

namespace {

constexpr std::size_t kLongestName = 512;

/// The middle part of the JWS compact form (RFC 7515 section 7.1).
std::optional<Json> payload_of(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto bytes = base64url_decoded(token.substr(first + 1, second - first - 1));
  if (!bytes) return std::nullopt;
  auto json = Json::parse(*bytes);
  if (!json || !json->is_object()) return std::nullopt;
  return *std::move(json);
}

/// `aud` is one string or an array of them (section 2).
bool meant_for(const Json& payload, std::string_view client_id) {
  const auto audience = payload.at("aud");
  if (!audience) return false;
  if (audience->as_string() == client_id) return true;
  const std::vector<Json> all = audience->items();
  return std::any_of(all.begin(), all.end(),
                     [&](const Json& one) { return one.as_string() == client_id; });
}

bool usable(std::string_view name) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !name.empty() && name.size() <= kLongestName &&
         std::none_of(name.begin(), name.end(), control);
}

Error unreadable(const char* why) { return make_error(Error::Kind::kProtocol, why); }

}  // namespace

Result<std::string> identity_of(std::string_view id_token, std::string_view client_id,
                                const std::vector<std::string>& claims) {
  const auto payload = payload_of(id_token);
  if (!payload) return unreadable(_("The provider's id_token cannot be read."));
  if (!meant_for(*payload, client_id)) {
    return unreadable(_("The provider's id_token is for another client id."));
  }
  for (const std::string& claim : claims) {
    auto name = payload->string_at(claim);
    if (name && usable(*name)) return *std::move(name);
  }
  return unreadable(_("The provider's id_token does not say who signed in."));
}

}  // namespace mail_oauth::oauth
