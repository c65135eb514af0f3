/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plugin of Claws Mail with a fault of the kind that FAULT names, to show that the sanitizers
 * find it in the host's process. For tests only.
 */
#include <glib.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <claws-features.h>

#include <common/claws.h>
#include <common/plugin.h>
#include <common/version.h>

#define EXPORT __attribute__((visibility("default")))

/* Volatile: as the compiler sees it, these are no faults. */
static volatile int largest = INT_MAX;
static volatile int past_the_end = 8;
static volatile char read_byte;

static gpointer read_past_the_end(gpointer bytes) {
  read_byte = ((char*)bytes)[past_the_end];
  return NULL;
}

static void commit(const char* fault) {
  char* bytes = g_malloc0(8);
  if (!strcmp(fault, "heap")) read_past_the_end(bytes);
  if (!strcmp(fault, "thread")) g_thread_join(g_thread_new("fault", read_past_the_end, bytes));
  if (!strcmp(fault, "overflow")) largest = largest + 1;
  g_free(bytes);
  if (!strcmp(fault, "freed")) read_byte = (char)strlen(bytes);
  if (!strcmp(fault, "child")) _exit(system("test -z \"$LD_PRELOAD\"") == 0 ? 7 : 8);
}

EXPORT gint plugin_init(gchar** error) {
  if (!check_plugin_version(VERSION_NUMERIC & 0xffff0000U, VERSION_NUMERIC, "Faulty", error))
    return -1;
  commit(getenv("FAULT"));
  return 0;
}

EXPORT gboolean plugin_done(void) { return TRUE; }
EXPORT const gchar* plugin_name(void) { return "Faulty"; }
EXPORT const gchar* plugin_desc(void) { return "Has a fault."; }
EXPORT const gchar* plugin_type(void) { return "GTK3"; }
EXPORT const gchar* plugin_licence(void) { return "GPL3+"; }
EXPORT const gchar* plugin_version(void) { return "0"; }

EXPORT struct PluginFeature* plugin_provides(void) {
  static struct PluginFeature features[] = {{PLUGIN_UTILITY, "Faulty"}, {PLUGIN_NOTHING, NULL}};
  return features;
}
