// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/when_idle.h"

#include <glib.h>

#include <memory>

#include "base/guarded.h"

namespace mail_oauth::signin {

namespace {

struct Idle {
  std::function<void()> then;
  GSource* source = nullptr;  ///< Null once it ran or was cancelled.
};

gboolean run(gpointer data) {
  const auto idle = *static_cast<std::shared_ptr<Idle>*>(data);
  return guarded("when_idle", static_cast<gboolean>(G_SOURCE_REMOVE), [&idle] {
    idle->source = nullptr;
    if (auto then = std::exchange(idle->then, nullptr)) then();
    return static_cast<gboolean>(G_SOURCE_REMOVE);
  });
}

void forget(gpointer data) { delete static_cast<std::shared_ptr<Idle>*>(data); }

}  // namespace

Call when_idle(std::function<void()> then) {
  auto idle = std::make_shared<Idle>();
  idle->then = std::move(then);
  idle->source = g_idle_source_new();
  g_source_set_priority(idle->source, G_PRIORITY_LOW);
  g_source_set_callback(idle->source, run, new std::shared_ptr<Idle>(idle), forget);
  g_source_attach(idle->source, g_main_context_get_thread_default());
  g_source_unref(idle->source);
  return Call([idle] {
    idle->then = nullptr;
    if (GSource* source = std::exchange(idle->source, nullptr)) g_source_destroy(source);
  });
}

}  // namespace mail_oauth::signin
