// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/target.h"

#include <gio/gio.h>

#include "base/cptr.h"
#include "base/i18n.h"

namespace mail_oauth::net {

namespace {

using UriPtr = CPtr<GUri, g_uri_unref>;

std::string text(const char* value) { return value ? value : ""; }

std::string lower(const std::string& value) {
  return GCharPtr(g_ascii_strdown(value.c_str(), -1)).get();
}

Error not_askable(const std::string& shown, const char* why) {
  return make_error(Error::Kind::kConfig,
                    format(_("The address \"{}\" cannot be asked: {}"), {shown, why}));
}

Error no_address(const std::string& url) {
  // Where an "@" stands, the rest may be anything, a part of a password too.
  const bool may_hold_login = url.find('@') != std::string::npos;
  return not_askable(may_hold_login ? "" : without_query(url), _("it is not a web address."));
}

}  // namespace

std::string without_query(const std::string& url) { return url.substr(0, url.find_first_of("?#")); }

bool Target::loopback() const { return is_loopback(host); }

std::string Target::origin() const {
  return scheme + "://" + host + (default_port ? "" : ":" + std::to_string(port));
}

Result<Target> parse_target(const std::string& url) {
  const UriPtr uri(
      g_uri_parse(url.c_str(),
                  static_cast<GUriFlags>(G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD), nullptr));
  if (!uri || text(g_uri_get_host(uri.get())).empty()) {
    return no_address(url);
  }
  Target target;
  target.scheme = lower(g_uri_get_scheme(uri.get()));
  target.host = lower(g_uri_get_host(uri.get()));
  if (!is_host_name(target.host)) return no_address(url);
  if (g_uri_get_userinfo(uri.get())) {
    return not_askable(target.scheme + "://" + target.host,
                       _("it holds a user name or a password."));
  }
  if (target.scheme != "https" && (target.scheme != "http" || !target.loopback())) {
    return not_askable(without_query(url),
                       _("only https is allowed (and http to this machine itself)."));
  }
  if (target.host.find(':') != std::string::npos) {
    return not_askable(without_query(url),
                       _("write \"localhost\" or a host name instead of an IPv6 address."));
  }
  const int scheme_port = target.scheme == "https" ? 443 : 80;
  const int port = g_uri_get_port(uri.get());
  target.port = port > 0 ? port : scheme_port;
  target.default_port = target.port == scheme_port;
  target.resource = text(g_uri_get_path(uri.get()));
  if (target.resource.empty()) target.resource = "/";
  if (const char* query = g_uri_get_query(uri.get())) target.resource += "?" + text(query);
  return target;
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789.-_:") == std::string_view::npos;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  using AddressRef = GRef<GInetAddress>;
  const auto address = AddressRef::adopt(g_inet_address_new_from_string(std::string(host).c_str()));
  return address && g_inet_address_get_is_loopback(address.get());
}

}  // namespace mail_oauth::net
