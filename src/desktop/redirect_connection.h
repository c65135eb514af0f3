// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection to the loopback listener: reads a request, answers it, and waits for the other
// side to go. It keeps itself alive through its sources until then, so that a page reaches the
// browser even when the listener is gone. All on the thread of the context that it was given.
#pragma once

#include <gio/gio.h>

#include <functional>
#include <memory>
#include <string>

#include "base/cptr.h"
#include "base/secret.h"
#include "base/source.h"
#include "desktop/redirect_request.h"

namespace mail_oauth::desktop {

/// Gives the whole HTTP answer to a request.
using Answerer = std::function<std::string(const RedirectRequest& request)>;

class RedirectConnection : public std::enable_shared_from_this<RedirectConnection> {
 public:
  RedirectConnection(GRef<GSocket> socket, std::shared_ptr<Answerer> answerer)
      : socket_(std::move(socket)), answerer_(std::move(answerer)) {}

  /// Ends after `limit` whatever happens.
  void start(GMainContext* context, std::chrono::milliseconds limit);
  /// No answer will be given; one that is under way is completed.
  void close_unanswered();
  bool finished() const { return !source_; }

 private:
  struct Detach {
    void operator()(GSource* source) const {
      g_source_destroy(source);
      g_source_unref(source);
    }
  };
  static gboolean on_ready(GSocket*, GIOCondition, gpointer self);
  void wait_for(GIOCondition condition);
  bool advance();
  bool receive();
  void answer(std::string page);
  bool write();
  bool drain();
  void finish();

  GRef<GSocket> socket_;
  std::shared_ptr<Answerer> answerer_;
  GMainContext* context_ = nullptr;  ///< Outlives its sources.
  std::unique_ptr<GSource, Detach> source_;
  Source limit_;
  Secret received_;  ///< The query holds the authorization code.
  std::size_t size_ = 0;
  bool answering_ = false;
  std::string page_;
  std::size_t written_ = 0;
  std::size_t drained_ = 0;
};

}  // namespace mail_oauth::desktop
