// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/redirect_connection.h"

#include "base/guarded.h"
#include "base/i18n.h"
#include "desktop/result_page.h"

namespace mail_oauth::desktop {

namespace {

/// More than a browser has under way when it is told that its request was too large.
constexpr std::size_t kMostDrained = 1024 * 1024;

using ConnectionPtr = std::shared_ptr<RedirectConnection>;

void free_pointer(gpointer data) { delete static_cast<ConnectionPtr*>(data); }

/// Bytes moved, 0 for the end or an error, -1 to wait.
gssize outcome(gssize moved, GError* raw) {
  const GErrorPtr error(raw);
  if (moved >= 0) return moved;
  return g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ? -1 : 0;
}

}  // namespace

void RedirectConnection::start(GMainContext* context, std::chrono::milliseconds limit) {
  context_ = context;
  g_socket_set_blocking(socket_.get(), FALSE);
  limit_ = Source(context, limit, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->finish();
  });
  wait_for(G_IO_IN);
}

void RedirectConnection::wait_for(GIOCondition condition) {
  source_.reset(g_socket_create_source(socket_.get(), condition, nullptr));
  g_source_set_callback(source_.get(), G_SOURCE_FUNC(&RedirectConnection::on_ready),
                        new ConnectionPtr(shared_from_this()), free_pointer);
  g_source_attach(source_.get(), context_);
}

gboolean RedirectConnection::on_ready(GSocket*, GIOCondition, gpointer data) {
  const ConnectionPtr self = *static_cast<ConnectionPtr*>(data);
  guarded("listener", [&] {
    if (!self->advance()) self->finish();
  });
  return G_SOURCE_CONTINUE;  // advance() and finish() destroy the source themselves
}

/// False: the connection is over.
bool RedirectConnection::advance() {
  if (page_.empty()) return receive();
  return written_ < page_.size() ? write() : drain();
}

bool RedirectConnection::receive() {
  if (received_.empty()) received_ = Secret::with_size(kLongestRequest);
  GError* error = nullptr;
  const gssize got = outcome(g_socket_receive(socket_.get(), received_.writable() + size_,
                                              kLongestRequest - size_, nullptr, &error),
                             error);
  if (got <= 0) return got < 0;
  size_ += static_cast<std::size_t>(got);
  const auto read = read_request(received_.reveal().substr(0, size_));
  if (const auto* bad = std::get_if<BadRequest>(&read)) {
    answer(result_page(bad->status, _("This request was not understood"), ""));
  } else if (const auto* request = std::get_if<RedirectRequest>(&read)) {
    const auto answerer = answerer_;
    answering_ = true;  // which may end the listener
    answer((*answerer)(*request));
  } else {
    return true;
  }
  return write();
}

void RedirectConnection::answer(std::string page) {
  page_ = std::move(page);
  received_ = Secret();
}

// Tried at once, so that the page is in the kernel's hands before the loop may end.
bool RedirectConnection::write() {
  while (written_ < page_.size()) {
    GError* error = nullptr;
    const gssize sent = outcome(g_socket_send(socket_.get(), page_.data() + written_,
                                              page_.size() - written_, nullptr, &error),
                                error);
    if (sent == 0) return false;
    if (sent < 0) {
      wait_for(G_IO_OUT);
      return true;
    }
    written_ += static_cast<std::size_t>(sent);
  }
  g_socket_shutdown(socket_.get(), FALSE, TRUE, nullptr);
  wait_for(G_IO_IN);
  return true;
}

// Closing with bytes unread would reset the connection, and the browser would not see the page.
bool RedirectConnection::drain() {
  char bytes[4096];
  GError* error = nullptr;
  const gssize got =
      outcome(g_socket_receive(socket_.get(), bytes, sizeof bytes, nullptr, &error), error);
  if (got <= 0) return got < 0;
  drained_ += static_cast<std::size_t>(got);
  return drained_ < kMostDrained;
}

void RedirectConnection::close_unanswered() {
  if (!answering_ && page_.empty()) finish();
}

void RedirectConnection::finish() {
  const auto self = shared_from_this();  // the source holds what may be the last reference
  limit_ = Source();
  g_socket_close(socket_.get(), nullptr);
  source_.reset();
}

}  // namespace mail_oauth::desktop
