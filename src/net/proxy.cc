// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/proxy.h"

#include <glib.h>

#include <algorithm>

#include "base/cptr.h"
#include "base/i18n.h"
#include "base/secret_arena.h"

namespace mail_oauth::net {

namespace {

constexpr int kDefaultPort = 8080;

using UriPtr = CPtr<GUri, g_uri_unref>;

std::string lowered(std::string_view value) {
  return GCharPtr(g_ascii_strdown(value.data(), static_cast<gssize>(value.size()))).get();
}

/// One entry of no_proxy, already in lower case.
bool covers(std::string entry, const Target& target) {
  if (entry == "*") return true;
  const std::size_t colon = entry.rfind(':');
  if (colon != std::string::npos) {
    if (entry.substr(colon + 1) != std::to_string(target.port)) return false;
    entry.resize(colon);
  }
  if (entry.rfind("*.", 0) == 0) entry.erase(0, 1);
  if (!entry.empty() && entry.front() == '.') entry.erase(0, 1);
  if (entry.empty()) return false;
  if (target.host == entry) return true;
  const std::string suffix = "." + entry;
  return target.host.size() > suffix.size() &&
         target.host.compare(target.host.size() - suffix.size(), suffix.size(), suffix) == 0;
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view value, const std::string& variable) {
  std::string url(value);
  if (url.find("://") == std::string::npos) url.insert(0, "http://");
  const UriPtr uri(g_uri_parse(url.c_str(), G_URI_FLAGS_HAS_PASSWORD, nullptr));
  wipe(url.data(), url.size());
  const char* const host = uri ? g_uri_get_host(uri.get()) : nullptr;
  if (!host || !is_host_name(host)) {
    return make_error(Error::Kind::kConfig,
                      format(_("The proxy in {} is not an address."), {variable}));
  }
  if (lowered(g_uri_get_scheme(uri.get())) != "http") {
    return make_error(
        Error::Kind::kConfig,
        format(_("The proxy in {} has to be an \"http://\" one: others are not supported."),
               {variable}));
  }
  Proxy proxy;
  proxy.variable = variable;
  proxy.host = host;
  proxy.port = g_uri_get_port(uri.get());
  if (proxy.port <= 0) proxy.port = kDefaultPort;
  if (const char* user = g_uri_get_user(uri.get())) proxy.user = user;
  if (const char* password = g_uri_get_password(uri.get())) proxy.password = Secret(password);
  return proxy;
}

bool bypasses_proxy(std::string_view no_proxy, const Target& target) {
  if (target.loopback()) return true;
  std::size_t at = 0;
  while (at < no_proxy.size()) {
    const std::size_t end = std::min(no_proxy.find_first_of(", \t", at), no_proxy.size());
    if (end > at && covers(lowered(no_proxy.substr(at, end - at)), target)) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace mail_oauth::net
