// SPDX-License-Identifier: GPL-3.0-or-later
//
// Running the test thread's context: until nothing is left to do, or until something happened.
#pragma once

#include <glib.h>

#include <chrono>
#include <functional>

namespace mail_oauth::testing {

inline void run_until_quiet() {
  while (g_main_context_iteration(nullptr, FALSE)) {
  }
}

/// For what comes from other threads or processes. False: it did not happen within the limit.
inline bool run_until(const std::function<bool()>& happened,
                      std::chrono::milliseconds limit = std::chrono::seconds(10)) {
  const gint64 end = g_get_monotonic_time() + limit.count() * 1000;
  const guint tick = g_timeout_add(
      5, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
  while (!happened() && g_get_monotonic_time() < end) g_main_context_iteration(nullptr, TRUE);
  g_source_remove(tick);
  return happened();
}

}  // namespace mail_oauth::testing
