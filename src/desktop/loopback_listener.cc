// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop/loopback_listener.h"

#include <list>
#include <utility>

#include "base/guarded.h"
#include "base/i18n.h"
#include "base/source.h"
#include "desktop/loopback_sockets.h"
#include "desktop/redirect_connection.h"
#include "desktop/result_page.h"

namespace mail_oauth {

namespace {

constexpr std::chrono::milliseconds kPause{200};

using desktop::Answerer;
using desktop::RedirectConnection;
using desktop::RedirectRequest;
using desktop::result_page;

std::string answer_to(const RedirectRequest& request, const std::string& authority,
                      const std::string& path, const RedirectJudge& judge) {
  const bool head = request.method == "HEAD";
  if (request.host != authority) {
    return result_page(421, _("This is not the address that was asked for"), "", head);
  }
  RedirectVerdict verdict;
  if (request.method == "GET" && request.path == path) verdict = judge(request.query);
  if (verdict.kind == RedirectVerdict::Kind::kNotForUs) {
    return result_page(404, _("There is nothing here"), "", head);
  }
  const bool signed_in = verdict.kind == RedirectVerdict::Kind::kSignedIn;
  return result_page(signed_in ? 200 : 400, verdict.title, verdict.text);
}

class LoopbackListener : public RedirectListener {
 public:
  LoopbackListener(desktop::LoopbackSockets bound, const RedirectRule& rule, RedirectJudge judge,
                   ListenerLimits limits)
      : bound_(std::move(bound)), limits_(limits), context_(current_context()) {
    const std::string authority =
        rule.host + (bound_.port == 80 ? "" : ":" + std::to_string(bound_.port));
    redirect_uri_ = "http://" + rule.host + ":" + std::to_string(bound_.port) + rule.path;
    answerer_ = std::make_shared<Answerer>(
        [authority, path = rule.path, judge = std::move(judge)](const RedirectRequest& request) {
          return answer_to(request, authority, path, judge);
        });
    start_listening();
  }

  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  ~LoopbackListener() override {
    stop_listening();
    for (const auto& socket : bound_.sockets) g_socket_close(socket.get(), nullptr);
    for (const auto& weak : connections_) {
      if (const auto connection = weak.lock()) connection->close_unanswered();
    }
  }

  std::string redirect_uri() const override { return redirect_uri_; }

 private:
  static gboolean on_connection(GSocket* socket, GIOCondition, gpointer self) {
    guarded("listener", [&] { static_cast<LoopbackListener*>(self)->accept(socket); });
    return G_SOURCE_CONTINUE;
  }

  void accept(GSocket* listening) {
    auto socket = GRef<GSocket>::adopt(g_socket_accept(listening, nullptr, nullptr));
    if (!socket) return rest();
    connections_.remove_if([](const auto& weak) {
      const auto connection = weak.lock();
      return !connection || connection->finished();
    });
    if (connections_.size() >= limits_.connections) {
      if (const auto oldest = connections_.front().lock()) oldest->close_unanswered();
      connections_.pop_front();
    }
    const auto connection = std::make_shared<RedirectConnection>(std::move(socket), answerer_);
    connections_.push_back(connection);
    connection->start(context_.get(), limits_.time);
  }

  /// It went away before we came to it, or this process may open no more files, and then the socket
  /// stays ready: nobody is served by asking again at once.
  void rest() {
    stop_listening();
    pause_ = Source(context_.get(), kPause, [this] { start_listening(); });
  }

  void start_listening() {
    for (const auto& socket : bound_.sockets) {
      GSource* source = g_socket_create_source(socket.get(), G_IO_IN, nullptr);
      g_source_set_callback(source, G_SOURCE_FUNC(&LoopbackListener::on_connection), this, nullptr);
      g_source_attach(source, context_.get());
      sources_.push_back(source);
    }
  }

  void stop_listening() {
    for (GSource* source : sources_) {
      g_source_destroy(source);
      g_source_unref(source);
    }
    sources_.clear();
  }

  const desktop::LoopbackSockets bound_;
  const ListenerLimits limits_;
  const MainContextPtr context_;
  std::string redirect_uri_;
  std::shared_ptr<Answerer> answerer_;
  std::vector<GSource*> sources_;
  Source pause_;
  std::list<std::weak_ptr<RedirectConnection>> connections_;  ///< The oldest first.
};

}  // namespace

Result<std::unique_ptr<RedirectListener>> LoopbackListenerFactory::listen(const RedirectRule& rule,
                                                                          RedirectJudge judge) {
  auto bound = desktop::bind_loopback(rule);
  if (!bound) return bound.error();
  return std::unique_ptr<RedirectListener>(
      std::make_unique<LoopbackListener>(*std::move(bound), rule, std::move(judge), limits_));
}

}  // namespace mail_oauth
