// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/loopback_sockets.h"

#include "base/i18n.h"

namespace mail_oauth::desktop {

namespace {

constexpr int kTries = 20;
constexpr int kBacklog = 128;  // GIO's own 10 would let a browser's pre-connections wait

/// A listening socket, or GIO's error.
GRef<GSocket> bind_one(GSocketFamily family, int port, GErrorPtr& failure) {
  GError* error = nullptr;
  auto socket = GRef<GSocket>::adopt(
      g_socket_new(family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error));
  if (socket) {
    g_socket_set_listen_backlog(socket.get(), kBacklog);
    const auto host = GRef<GInetAddress>::adopt(g_inet_address_new_loopback(family));
    const auto address = GRef<GSocketAddress>::adopt(
        g_inet_socket_address_new(host.get(), static_cast<guint16>(port)));
    if (g_socket_bind(socket.get(), address.get(), TRUE, &error) &&
        g_socket_listen(socket.get(), &error)) {
      g_socket_set_blocking(socket.get(), FALSE);
      return socket;
    }
  }
  failure.reset(error);
  return {};
}

int bound_port(GSocket* socket) {
  const auto address = GRef<GSocketAddress>::adopt(g_socket_get_local_address(socket, nullptr));
  return address ? g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address.get())) : 0;
}

bool taken(const GErrorPtr& error) {
  return g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

Error failed(const RedirectRule& rule, const GErrorPtr& error) {
  if (rule.port != 0) {
    return make_error(
        Error::Kind::kConfig,
        format(
            _("Port {} of this computer, to which the provider sends the browser back, cannot be "
              "used: {} Close the program that holds it."),
            {std::to_string(rule.port), error->message}));
  }
  return make_error(
      Error::Kind::kTransient,
      format(_("No port of this computer could be opened for the browser: {}"), {error->message}));
}

}  // namespace

Result<LoopbackSockets> bind_loopback(const RedirectRule& rule) {
  const bool both = rule.host == "localhost";
  const bool only_6 = rule.host == "[::1]";
  if (!both && !only_6 && rule.host != "127.0.0.1") {
    return make_error(
        Error::Kind::kConfig,
        format(
            _("The redirect host \"{}\" is not this computer: use 127.0.0.1, [::1] or localhost."),
            {rule.host}));
  }
  GErrorPtr error;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    LoopbackSockets bound;
    auto first = bind_one(only_6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4, rule.port, error);
    if (!first) return failed(rule, error);
    bound.port = bound_port(first.get());
    bound.sockets.push_back(std::move(first));
    if (!both) return bound;
    auto second = bind_one(G_SOCKET_FAMILY_IPV6, bound.port, error);
    if (!second && taken(error)) {
      if (rule.port != 0) return failed(rule, error);
      continue;  // another port may be free on both
    }
    if (second) bound.sockets.push_back(std::move(second));
    return bound;
  }
  return failed(rule, error);
}

}  // namespace mail_oauth::desktop
