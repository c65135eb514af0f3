// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/metadata.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/i18n.h"
#include "base/peer_text.h"
#include "codec/json.h"

namespace mail_oauth::oauth {

namespace {

struct UrlParts {
  std::string_view scheme;
  std::string_view authority;
  std::string_view rest;  ///< From the first "/" or "?" on; may be empty.
};

std::optional<UrlParts> split(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view behind = url.substr(colon + 3);
  const std::size_t end = std::min(behind.find_first_of("/?"), behind.size());
  return UrlParts{url.substr(0, colon), behind.substr(0, end), behind.substr(end)};
}

/// The host without its port; nothing when either is malformed.
std::optional<std::string_view> host_of(std::string_view authority) {
  std::size_t end = std::min(authority.find(':'), authority.size());
  if (!authority.empty() && authority.front() == '[') {
    end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    ++end;
  }
  const std::string_view host = authority.substr(0, end);
  std::string_view port = authority.substr(end);
  if (!port.empty()) {
    if (port.front() != ':' || port.size() < 2 || port.size() > 6) return std::nullopt;
    port.remove_prefix(1);
    if (port.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  }
  return host;
}

bool is_loopback(std::string_view host) {
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

bool host_character(char c) {
  // Braces: a manifest is looked at before its "{tenant}" is filled in.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._[]:{}").find(c) != std::string_view::npos;
}

Error unusable(std::string_view what) {
  return make_error(Error::Kind::kProtocol,
                    format(_("The provider's metadata cannot be used: {}."), {what}));
}

/// Fills `endpoint`. Nothing when all is well.
std::optional<Error> read(const Json& json, std::string_view name, bool required,
                          std::string& endpoint) {
  const auto member = json.at(name);
  if (!member || member->type() == Json::Type::kNull) {
    if (!required) return std::nullopt;
    return unusable(format(_("{} is missing"), {name}));
  }
  const auto url = json.string_at(name);
  if (!url || !acceptable_endpoint(*url)) {
    return unusable(format(_("{} is not an https address"), {name}));
  }
  endpoint = *url;
  return std::nullopt;
}

bool holds(const Json& list, std::string_view word) {
  const std::vector<Json> all = list.items();
  return std::any_of(all.begin(), all.end(),
                     [word](const Json& one) { return one.as_string() == word; });
}

/// Scheme, host and port, in lower case and without the scheme's own port; empty when it is no
/// address.
std::string origin_of(std::string_view url) {
  const auto parts = split(url);
  if (!parts) return {};
  std::string origin = std::string(parts->scheme) + "://" + std::string(parts->authority);
  for (char& c : origin) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::string_view own_port = origin.rfind("https:", 0) == 0 ? ":443" : ":80";
  const std::size_t end = origin.size() - std::min(origin.size(), own_port.size());
  if (origin.compare(end, std::string::npos, own_port) == 0) origin.resize(end);
  return origin;
}

}  // namespace

std::vector<std::string> metadata_urls(std::string_view issuer) {
  while (!issuer.empty() && issuer.back() == '/') issuer.remove_suffix(1);
  const auto parts = split(issuer);
  if (!parts) return {};
  const std::string origin = std::string(parts->scheme) + "://" + std::string(parts->authority);
  return {std::string(issuer) + "/.well-known/openid-configuration",
          origin + "/.well-known/oauth-authorization-server" + std::string(parts->rest)};
}

Result<Metadata> parse_metadata(std::string_view body, std::string_view issuer) {
  const auto json = Json::parse(body);
  if (!json || !json->is_object()) return unusable(_("it is not a JSON object"));
  if (const auto named = json->string_at("issuer"); named != issuer) {
    return unusable(format(_("it names the issuer \"{1}\", and \"{2}\" was asked"),
                           {peer_words(named.value_or("")), issuer}));
  }
  Metadata metadata;
  Endpoints& endpoints = metadata.endpoints;
  endpoints.issuer = std::string(issuer);
  const struct {
    std::string_view name;
    bool required;
    std::string& endpoint;
  } wanted[] = {
      {"authorization_endpoint", true, endpoints.authorization},
      {"token_endpoint", true, endpoints.token},
      {"device_authorization_endpoint", false, endpoints.device_authorization},
      {"revocation_endpoint", false, endpoints.revocation},
  };
  for (const auto& one : wanted) {
    if (auto error = read(*json, one.name, one.required, one.endpoint)) return *std::move(error);
  }
  metadata.sends_iss =
      json->boolean_at("authorization_response_iss_parameter_supported").value_or(false);
  const auto methods = json->at("token_endpoint_auth_methods_supported");
  const bool said = methods && methods->type() != Json::Type::kNull;
  metadata.only_basic =
      !said || (holds(*methods, "client_secret_basic") && !holds(*methods, "client_secret_post"));
  metadata.wants_pushed = json->boolean_at("require_pushed_authorization_requests").value_or(false);
  return metadata;
}

Provider completed(Provider provider, const Metadata& metadata) {
  const auto fill = [](std::string& ours, const std::string& found) {
    if (ours.empty()) ours = found;
  };
  fill(provider.endpoints.issuer, metadata.endpoints.issuer);
  fill(provider.endpoints.authorization, metadata.endpoints.authorization);
  fill(provider.endpoints.token, metadata.endpoints.token);
  fill(provider.endpoints.device_authorization, metadata.endpoints.device_authorization);
  fill(provider.endpoints.revocation, metadata.endpoints.revocation);
  if (metadata.sends_iss && provider.iss == Presence::kOptional) provider.iss = Presence::kRequired;
  if (metadata.only_basic && !provider.client_secret_basic) provider.client_secret_basic = true;
  provider.wants_pushed_requests |= metadata.wants_pushed;
  return provider;
}

bool same_origin(std::string_view url, std::string_view other) {
  const std::string origin = origin_of(url);
  return !origin.empty() && origin == origin_of(other);
}

bool acceptable_endpoint(std::string_view url) {
  const auto allowed = [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; };
  if (!std::all_of(url.begin(), url.end(), allowed)) return false;
  const auto parts = split(url);
  if (!parts || !std::all_of(parts->authority.begin(), parts->authority.end(), host_character)) {
    return false;
  }
  const auto host = host_of(parts->authority);
  if (!host || host->empty()) return false;
  return parts->scheme == "https" || (parts->scheme == "http" && is_loopback(*host));
}

}  // namespace mail_oauth::oauth
