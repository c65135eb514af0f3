// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drives the thread-default GMainContext until something happened. The guard only ends a broken
// test.
#pragma once

#include <glib.h>

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "ports/call.h"

namespace mail_oauth::test {

/// False when `happened` did not come true within the guard.
inline bool run_until(const std::function<bool()>& happened,
                      std::chrono::seconds guard = std::chrono::seconds(60)) {
  GMainContext* context = g_main_context_ref_thread_default();
  bool expired = false;
  GSource* alarm = g_timeout_source_new_seconds(static_cast<guint>(guard.count()));
  g_source_set_callback(
      alarm,
      [](gpointer flag) -> gboolean {
        *static_cast<bool*>(flag) = true;
        return G_SOURCE_REMOVE;
      },
      &expired, nullptr);
  g_source_attach(alarm, context);
  while (!happened() && !expired) g_main_context_iteration(context, TRUE);
  g_source_destroy(alarm);
  g_source_unref(alarm);
  g_main_context_unref(context);
  return happened();
}

/// Everything that is ready now.
inline void run_ready() {
  while (g_main_context_iteration(nullptr, FALSE)) {
  }
}

/// Waits for the answer of one asynchronous call: `answer_of<T>([&](Done<T> done) { return f(done);
/// })`.
template <class T>
std::optional<Result<T>> answer_of(const std::function<Call(Done<T>)>& start) {
  std::optional<Result<T>> answer;
  const Call call = start([&](Result<T> result) { answer.emplace(std::move(result)); });
  if (answer) return std::nullopt;  // from inside the call: against the contract
  run_until([&] { return answer.has_value(); });
  return answer;
}

}  // namespace mail_oauth::test
