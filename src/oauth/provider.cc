// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/provider.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/i18n.h"

namespace mail_oauth {

namespace {

constexpr std::string_view kTenant = "{tenant}";

std::vector<std::string*> texts_with_tenant(Provider& provider) {
  Endpoints& endpoints = provider.endpoints;
  std::vector<std::string*> texts = {&endpoints.issuer,          &endpoints.authorization,
                                     &endpoints.token,           &endpoints.device_authorization,
                                     &endpoints.revocation,      &provider.revocation_page,
                                     &provider.registration_page};
  for (auto& [name, value] : provider.authorization_parameters) texts.push_back(&value);
  for (auto& [name, value] : provider.token_parameters) texts.push_back(&value);
  for (auto& [protocol, scopes] : provider.scopes.mail) {
    for (std::string& scope : scopes) texts.push_back(&scope);
  }
  return texts;
}

/// A name of its own between two slashes: ".." would leave the folder.
bool acceptable_tenant(std::string_view tenant) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
  };
  return std::all_of(tenant.begin(), tenant.end(), allowed) && tenant.front() != '.' &&
         tenant.find("..") == std::string_view::npos;
}

void fill_in(std::string& text, std::string_view tenant) {
  for (std::size_t at = text.find(kTenant); at != std::string::npos;
       at = text.find(kTenant, at + tenant.size())) {
    text.replace(at, kTenant.size(), tenant);
  }
}

}  // namespace

std::string RedirectRule::address(int free_port) const {
  if (kind == RedirectKind::kRegistered) return uri;
  return "http://" + host + ":" + std::to_string(port == 0 ? free_port : port) + path;
}

DeviceFlow Provider::device_flow() const {
  const DeviceFlow declared = declared_device_flow.value_or(DeviceFlow::kMail);
  const bool reachable = !endpoints.device_authorization.empty();
  return declared == DeviceFlow::kMail && !reachable ? DeviceFlow::kNone : declared;
}

Result<Provider> for_tenant(Provider provider, std::string_view tenant) {
  if (!tenant.empty()) provider.tenant = std::string(tenant);
  const std::string chosen = provider.tenant;
  const std::vector<std::string*> texts = texts_with_tenant(provider);
  const bool needed = std::any_of(texts.begin(), texts.end(), [](const std::string* text) {
    return text->find(kTenant) != std::string::npos;
  });
  if (chosen.empty()) {
    if (!needed) return provider;
    return make_error(Error::Kind::kConfig,
                      format(_("{1} needs a tenant, and neither the client nor {2} names one."),
                             {provider.name, provider.file}));
  }
  if (!acceptable_tenant(chosen)) {
    return make_error(
        Error::Kind::kConfig,
        format(_("The tenant for {1} ({2}) may hold letters, digits, dots and hyphens only."),
               {provider.name, provider.file}));
  }
  for (std::string* text : texts) fill_in(*text, chosen);
  return provider;
}

}  // namespace mail_oauth
