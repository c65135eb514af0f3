// SPDX-License-Identifier: GPL-3.0-or-later
//
// The eight symbols that Claws Mail looks for. Everything else in the module is hidden: the host
// opens plugins with RTLD_GLOBAL, and its names must not meet ours.
#include <memory>

#include "base/guarded.h"
#include "claws/adapter.h"
#include "claws/host.h"

#define MAIL_OAUTH_EXPORT __attribute__((visibility("default")))

namespace {

using mail_oauth::claws::Adapter;

/// The module stays mapped when the host unloads it, so that this may be filled more than once.
std::unique_ptr<Adapter>& loaded() {
  static std::unique_ptr<Adapter> adapter;
  return adapter;
}

/// PrefsAccount differs between the host's minor versions: one binary serves one of them.
constexpr guint32 kOldestHost = VERSION_NUMERIC & 0xffff0000U;

gint load(gchar** error) {
  mail_oauth::bind_text_domain();
  if (!check_plugin_version(kOldestHost, VERSION_NUMERIC, _("Sign in with OAuth"), error))
    return -1;
  if (!loaded()) loaded() = std::make_unique<Adapter>();
  return 0;
}

}  // namespace

extern "C" {

MAIL_OAUTH_EXPORT gint plugin_init(gchar** error) {
  return mail_oauth::guarded("plugin_init", -1, [&] { return load(error); });
}

MAIL_OAUTH_EXPORT gboolean plugin_done(void) {
  return mail_oauth::guarded("plugin_done", TRUE, [] {
    loaded().reset();
    return TRUE;
  });
}

MAIL_OAUTH_EXPORT const gchar* plugin_name(void) { return _("Sign in with OAuth"); }

MAIL_OAUTH_EXPORT const gchar* plugin_desc(void) {
  return _(
      "Signs mail accounts in with OAuth 2.0, with the browser and without a password: Microsoft "
      "365 "
      "and other providers, shared mailboxes included.\n\n"
      "Turn it on for an account in its preferences, on the page Plugins / Sign in with OAuth.");
}

MAIL_OAUTH_EXPORT const gchar* plugin_type(void) { return "GTK3"; }
MAIL_OAUTH_EXPORT const gchar* plugin_licence(void) { return "GPL3+"; }
MAIL_OAUTH_EXPORT const gchar* plugin_version(void) { return MAIL_OAUTH_VERSION; }

MAIL_OAUTH_EXPORT struct PluginFeature* plugin_provides(void) {
  static char subtype[] = "Sign in with OAuth";
  static PluginFeature features[] = {{PLUGIN_UTILITY, subtype}, {PLUGIN_NOTHING, nullptr}};
  return features;
}

}  // extern "C"
