// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/desktop_notification.h"

#include <memory>

#include "base/guarded.h"

namespace mail_oauth::claws {
namespace {

struct Notification {
  std::string title;
  std::string body;
};

/// The body may hold markup, the title may not. Quotes stay: some show the entities of them.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else {
      safe += c;
    }
  }
  return safe;
}

/// The call holds the connection until here; let go at once, it would not be sent.
void on_shown(GObject* bus, GAsyncResult* result, gpointer) {
  GVariant* id = g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, nullptr);
  if (id) g_variant_unref(id);
}

void on_bus(GObject*, GAsyncResult* result, gpointer data) {
  const std::unique_ptr<Notification> notification(static_cast<Notification*>(data));
  guarded("notification", [&] {
    const auto bus = GRef<GDBusConnection>::adopt(g_bus_get_finish(result, nullptr));
    if (!bus) return;
    GVariantBuilder hints;
    g_variant_builder_init(&hints, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&hints, "{sv}", "category", g_variant_new_string("network.error"));
    g_dbus_connection_call(bus.get(), "org.freedesktop.Notifications",
                           "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
                           "Notify",
                           g_variant_new("(susssasa{sv}i)", "Claws Mail", 0U, "claws-mail",
                                         notification->title.c_str(),
                                         escaped(notification->body).c_str(), nullptr, &hints, -1),
                           nullptr, G_DBUS_CALL_FLAGS_NONE, -1, nullptr, on_shown, nullptr);
  });
}

}  // namespace

DesktopNotifier::~DesktopNotifier() { g_cancellable_cancel(ended_.get()); }

void DesktopNotifier::show(const std::string& title, const std::string& body) {
  g_bus_get(G_BUS_TYPE_SESSION, ended_.get(), on_bus, new Notification{title, body});
}

}  // namespace mail_oauth::claws
