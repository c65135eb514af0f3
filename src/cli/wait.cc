// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/wait.h"

#include <glib-unix.h>

#include <csignal>
#include <iterator>
#include <utility>

#include "base/i18n.h"
#include "cli/output.h"

namespace mail_oauth::cli {

namespace {

constexpr guint kPatienceMs = 1000;
constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

GMainLoop* running = nullptr;  // the main thread's

gboolean on_kept_signal(gpointer) {
  if (running) g_main_loop_quit(running);
  return G_SOURCE_CONTINUE;
}

gboolean on_forgotten_signal(gpointer) { return G_SOURCE_CONTINUE; }

gboolean on_signal(gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_CONTINUE;
}

gboolean on_patience(gpointer text) {
  Output(false).talk(*static_cast<const std::string*>(text));
  return G_SOURCE_REMOVE;
}

}  // namespace

struct WaitLoop::Parts {
  std::string patience;
  GMainLoop* loop = nullptr;
  guint interrupt = 0;
  guint terminate = 0;
  guint hang_up = 0;
  guint progress = 0;
  bool quit = false;
};

WaitLoop::WaitLoop(std::string patience) : parts_(std::make_unique<Parts>()) {
  parts_->patience = std::move(patience);
  parts_->loop = g_main_loop_new(nullptr, FALSE);
  parts_->interrupt = g_unix_signal_add(SIGINT, on_signal, parts_->loop);
  parts_->terminate = g_unix_signal_add(SIGTERM, on_signal, parts_->loop);
  parts_->hang_up = g_unix_signal_add(SIGHUP, on_signal, parts_->loop);
  if (!parts_->patience.empty() && somebody_watches()) {
    parts_->progress = g_timeout_add(kPatienceMs, on_patience, &parts_->patience);
  }
}

WaitLoop::~WaitLoop() {
  calm();
  g_source_remove(parts_->interrupt);
  g_source_remove(parts_->terminate);
  g_source_remove(parts_->hang_up);
  g_main_loop_unref(parts_->loop);
}

void WaitLoop::calm() {
  GSource* progress =
      parts_->progress == 0 ? nullptr : g_main_context_find_source_by_id(nullptr, parts_->progress);
  if (progress) g_source_destroy(progress);
  parts_->progress = 0;
}

void WaitLoop::run() {
  if (parts_->quit) return;
  GMainLoop* const outer = std::exchange(running, parts_->loop);
  g_main_loop_run(parts_->loop);
  running = outer;
}

void WaitLoop::quit() {
  parts_->quit = true;
  g_main_loop_quit(parts_->loop);
}

KeptSignals::KeptSignals() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    sources_[i] = g_unix_signal_add(kSignals[i], on_kept_signal, nullptr);
  }
}

KeptSignals::~KeptSignals() {
  for (const guint source : sources_) g_source_remove(source);
}

void KeptSignals::forget() {
  for (const guint source : sources_) {
    GSource* const found = g_main_context_find_source_by_id(nullptr, source);
    g_source_set_callback(found, on_forgotten_signal, nullptr, nullptr);
  }
}

Error interrupted() { return make_error(Error::Kind::kCancelled, _("Stopped.")); }

}  // namespace mail_oauth::cli
