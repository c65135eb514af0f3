// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/source.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "base/guarded.h"

namespace mail_oauth {
namespace {

/// GLib orders the two threads already, but by means that a race detector does not see. One mutex
/// for all boxes: its own could only be locked by touching the box first.
std::mutex hand_over;

struct Box {
  std::function<void()> run;

  static Box* with(std::function<void()> run) {
    const std::lock_guard<std::mutex> lock(hand_over);
    return new Box{std::move(run)};
  }
  std::function<void()> take() {
    const std::lock_guard<std::mutex> lock(hand_over);
    return std::exchange(run, nullptr);
  }
};

extern "C" gboolean run_box(gpointer data) {
  return guarded("source", G_SOURCE_REMOVE, [&] {
    if (const auto run = static_cast<Box*>(data)->take()) run();
    return G_SOURCE_REMOVE;
  });
}

extern "C" void free_box(gpointer data) {
  auto* box = static_cast<Box*>(data);
  box->take();
  delete box;
}

}  // namespace

MainContextPtr current_context() { return MainContextPtr(g_main_context_ref_thread_default()); }

void post(GMainContext* context, std::function<void()> run) {
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, run_box, Box::with(std::move(run)), free_box);
  g_source_attach(source, context);
  g_source_unref(source);
}

Source::Source(GMainContext* context, std::chrono::milliseconds delay, std::function<void()> run) {
  const auto most = static_cast<std::chrono::milliseconds::rep>(std::numeric_limits<int>::max());
  const auto wait = std::clamp<std::chrono::milliseconds::rep>(delay.count(), 0, most);
  source_.reset(g_timeout_source_new(static_cast<guint>(wait)));
  g_source_set_callback(source_.get(), run_box, Box::with(std::move(run)), free_box);
  g_source_attach(source_.get(), context);
}

}  // namespace mail_oauth
