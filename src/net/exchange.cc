// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/exchange.h"

#include "base/guarded.h"

namespace mail_oauth::net {

namespace {

using Body = std::function<void()>;

gboolean run_once(gpointer data) {
  guarded("net", [&] { (*static_cast<Body*>(data))(); });
  return G_SOURCE_REMOVE;
}

void free_body(gpointer data) { delete static_cast<Body*>(data); }

void attach_once(GSource* source, GMainContext* context, Body body) {
  g_source_set_callback(source, run_once, new Body(std::move(body)), free_body);
  g_source_attach(source, context);
}

}  // namespace

std::shared_ptr<Exchange> Exchange::start(Done<HttpAnswer> done) {
  return std::shared_ptr<Exchange>(new Exchange(std::move(done)));
}

Exchange::Exchange(Done<HttpAnswer> done)
    : context_(g_main_context_ref_thread_default()), done_(std::move(done)) {}

Exchange::~Exchange() {
  for (GSource* timer : timers_) {
    g_source_destroy(timer);
    g_source_unref(timer);
  }
  g_main_context_unref(context_);
}

void Exchange::settle(Result<HttpAnswer> result) {
  const std::lock_guard lock(mutex_);
  if (closed_ || result_) return;
  result_ = std::move(result);
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  attach_once(source, context_, [self = shared_from_this()] { self->deliver(); });
  g_source_unref(source);
}

void Exchange::after(std::chrono::milliseconds delay, std::function<void()> then) {
  GSource* source = g_timeout_source_new(static_cast<guint>(delay.count()));
  attach_once(source, context_, std::move(then));
  timers_.push_back(source);
}

void Exchange::deliver() {
  end();
  Done<HttpAnswer> done;
  std::optional<Result<HttpAnswer>> result;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    done = std::exchange(done_, nullptr);
    result = std::exchange(result_, std::nullopt);
  }
  done(*std::move(result));
}

void Exchange::drop() {
  end();
  Done<HttpAnswer> done;  // destroyed outside the lock: what it holds may drop other calls
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    std::swap(done, done_);
  }
}

void Exchange::end() {
  for (GSource* timer : std::exchange(timers_, {})) {
    g_source_destroy(timer);
    g_source_unref(timer);
  }
  if (const auto then = std::exchange(at_end_, nullptr)) then();
}

}  // namespace mail_oauth::net
