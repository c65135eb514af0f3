/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plugin of Claws Mail that notes when it is loaded and how much memory the host has then. One stands before the
 * plugin that is measured and one after it, by two names, as the host wants; each appends a line to the file named in
 * BENCH_MARKS: microseconds when it was entered, resident pages, microseconds when it was left.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <claws-features.h>

#include <common/claws.h>
#include <common/plugin.h>
#include <common/version.h>

#define EXPORT __attribute__((visibility("default")))

static long resident_pages(void) {
  long all = 0, resident = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  if (!file) return 0;
  if (fscanf(file, "%ld %ld", &all, &resident) != 2) resident = 0;
  fclose(file);
  return resident;
}

static long long microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

EXPORT gint plugin_init(gchar** error) {
  if (!check_plugin_version(VERSION_NUMERIC & 0xffff0000U, VERSION_NUMERIC, MARKS_NAME, error)) return -1;
  const long long entered = microseconds();
  const int out = open(getenv("BENCH_MARKS"), O_WRONLY | O_APPEND | O_CLOEXEC);
  const long pages = resident_pages();
  dprintf(out, "%lld %ld %lld\n", entered, pages, microseconds());
  close(out);
  return 0;
}

EXPORT gboolean plugin_done(void) { return TRUE; }
EXPORT const gchar* plugin_name(void) { return MARKS_NAME; }
EXPORT const gchar* plugin_desc(void) { return "Notes when it is loaded."; }
EXPORT const gchar* plugin_type(void) { return "GTK3"; }
EXPORT const gchar* plugin_licence(void) { return "GPL3+"; }
EXPORT const gchar* plugin_version(void) { return "0"; }

EXPORT struct PluginFeature* plugin_provides(void) {
  static struct PluginFeature features[] = {{PLUGIN_UTILITY, MARKS_NAME}, {PLUGIN_NOTHING, NULL}};
  return features;
}
