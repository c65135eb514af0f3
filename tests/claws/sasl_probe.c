/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plugin of Claws Mail that signs in over libetpan by the name of a mechanism, as another author's would.
 * For tests only. It knows nothing of mail-oauth.
 *
 * Reads lines "mechanism port user password" from the pipe SASL_PROBE_IN and writes the number that
 * mailimap_authenticate gave for each to SASL_PROBE_OUT, on a thread of its own.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glib.h>
#include <libetpan/libetpan.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <claws-features.h>

#include <common/claws.h>
#include <common/plugin.h>
#include <common/version.h>

#define EXPORT __attribute__((visibility("default")))

static int authenticate(const char* mechanism, int port, const char* user, const char* password) {
  mailimap* imap = mailimap_new(0, NULL);
  int code = mailimap_ssl_connect(imap, "localhost", (uint16_t)port);
  if (code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED || code == MAILIMAP_NO_ERROR_AUTHENTICATED ||
      code == MAILIMAP_NO_ERROR)
    code = mailimap_authenticate(imap, mechanism, "localhost", NULL, NULL, user, user, password, NULL);
  if (code == MAILIMAP_NO_ERROR) code = mailimap_select(imap, "INBOX");
  mailimap_logout(imap);
  mailimap_free(imap);
  return code;
}

/* Not stdio: exit() would wait for the lock of a stream that a thread reads from. */
static int read_line(int from, char* line, size_t size) {
  size_t used = 0;
  while (used + 1 < size && read(from, line + used, 1) == 1) {
    if (line[used] == '\n') {
      line[used] = '\0';
      return 1;
    }
    ++used;
  }
  return 0;
}

static gpointer serve(gpointer unused) {
  (void)unused;
  const int in = open(getenv("SASL_PROBE_IN"), O_RDONLY | O_CLOEXEC);
  const int out = open(getenv("SASL_PROBE_OUT"), O_WRONLY | O_CLOEXEC);
  char line[9000], mechanism[32], user[128], password[8192];
  int port = 0;
  while (read_line(in, line, sizeof line) &&
         sscanf(line, "%31s %d %127s %8191s", mechanism, &port, user, password) == 4)
    dprintf(out, "%d\n", authenticate(mechanism, port, user, password));
  return NULL;
}

EXPORT gint plugin_init(gchar** error) {
  if (!check_plugin_version(VERSION_NUMERIC & 0xffff0000U, VERSION_NUMERIC, "SASL probe", error)) return -1;
  g_thread_unref(g_thread_new("sasl-probe", serve, NULL));
  return 0;
}

EXPORT gboolean plugin_done(void) { return TRUE; }
EXPORT const gchar* plugin_name(void) { return "SASL probe"; }
EXPORT const gchar* plugin_desc(void) { return "Signs in over libetpan by the name of a mechanism."; }
EXPORT const gchar* plugin_type(void) { return "GTK3"; }
EXPORT const gchar* plugin_licence(void) { return "GPL3+"; }
EXPORT const gchar* plugin_version(void) { return "0"; }

EXPORT struct PluginFeature* plugin_provides(void) {
  static struct PluginFeature features[] = {{PLUGIN_UTILITY, "SASL probe"}, {PLUGIN_NOTHING, NULL}};
  return features;
}
