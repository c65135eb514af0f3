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

/// The keyring's own word, which says more, comes after one second.
constexpr guint kPatienceMs = 2000;
constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

struct Running {
  GMainLoop* loop = nullptr;
  WaitLoop* wait = nullptr;
};
Running running;             // the main thread's
bool keyring_named = false;  // the person knows that it is waited for

gboolean on_kept_signal(gpointer) {
  if (running.loop) g_main_loop_quit(running.loop);
  return G_SOURCE_CONTINUE;
}

gboolean on_forgotten_signal(gpointer) { return G_SOURCE_CONTINUE; }

gboolean on_signal(gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_CONTINUE;
}

gboolean on_patience(gpointer patience) {
  const auto& text = *static_cast<const std::string*>(patience);
  const bool said = text == keyring_patience() && std::exchange(keyring_named, true);
  if (!said) Output(false).talk(text);
  return G_SOURCE_REMOVE;
}

/// 0: whoever started us ignores the signal, as nohup does for a hang-up. Then so do we.
guint watch(int signal, GSourceFunc told, gpointer data) {
  struct sigaction now {};
  const bool ignored = sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
  return ignored ? 0 : g_unix_signal_add(signal, told, data);
}

void unwatch(guint source) {
  if (source != 0) g_source_remove(source);
}

}  // namespace

struct WaitLoop::Parts {
  std::string patience;
  GMainLoop* loop = nullptr;
  guint signals[std::size(kSignals)] = {};
  guint progress = 0;
  bool quit = false;
};

WaitLoop::WaitLoop(std::string patience) : parts_(std::make_unique<Parts>()) {
  parts_->patience = std::move(patience);
  parts_->loop = g_main_loop_new(nullptr, FALSE);
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    parts_->signals[i] = watch(kSignals[i], on_signal, parts_->loop);
  }
  if (!parts_->patience.empty() && somebody_watches()) {
    parts_->progress = g_timeout_add(kPatienceMs, on_patience, &parts_->patience);
  }
}

WaitLoop::~WaitLoop() {
  calm();
  for (const guint source : parts_->signals) unwatch(source);
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
  const Running outer = std::exchange(running, {parts_->loop, this});
  g_main_loop_run(parts_->loop);
  running = outer;
}

void WaitLoop::quit() {
  parts_->quit = true;
  g_main_loop_quit(parts_->loop);
}

KeptSignals::KeptSignals() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    sources_[i] = watch(kSignals[i], on_kept_signal, nullptr);
  }
}

KeptSignals::~KeptSignals() {
  for (const guint source : sources_) unwatch(source);
}

void KeptSignals::forget() {
  for (const guint source : sources_) {
    if (source == 0) continue;
    GSource* const found = g_main_context_find_source_by_id(nullptr, source);
    g_source_set_callback(found, on_forgotten_signal, nullptr, nullptr);
  }
}

std::string keyring_patience() { return _("Waiting for the keyring. Ctrl-C ends."); }

void keyring_was_named() {
  keyring_named = true;
  if (running.wait) running.wait->calm();
}

Error interrupted() { return make_error(Error::Kind::kCancelled, _("Stopped.")); }

}  // namespace mail_oauth::cli
