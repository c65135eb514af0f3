// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/post.h"

#include <glib.h>
#include <pplx/threadpool.h>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <optional>
#include <string>

#include "base/cptr.h"
#include "base/secret_arena.h"
#include "net/answer_parser.h"
#include "net/connector.h"
#include "net/failure.h"

namespace mail_oauth::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = Connector::Tcp;
using ErrorCode = boost::system::error_code;

/// Servers send one or two.
constexpr int kMostInterim = 16;
constexpr int kSwitchingProtocols = 101;

std::string host_and_port(const Target& target) {
  return target.host + ":" + std::to_string(target.port);
}

/// In one piece: of several, asio's TLS stream makes a copy on its stack.
Secret request_of(const Target& target, std::string_view authorization, std::string_view body) {
  const std::string host = target.default_port ? target.host : host_and_port(target);
  return Secret::join("POST ", target.resource, " HTTP/1.1\r\nHost: ", host,
                      "\r\nAccept: application/json\r\nUser-Agent: mail-oauth/" MAIL_OAUTH_VERSION
                      "\r\nConnection: close\r\n",
                      authorization.empty() ? "" : "Authorization: ", authorization,
                      authorization.empty() ? "" : "\r\n",
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ",
                      std::to_string(body.size()), "\r\n\r\n", body);
}

/// RFC 9110 section 9.3.6, RFC 7617.
Secret connect_head(const Target& target, const Proxy& proxy) {
  const std::string to = host_and_port(target);
  if (proxy.user.empty()) {
    return Secret::join("CONNECT ", to, " HTTP/1.1\r\nHost: ", to, "\r\n\r\n");
  }
  const Secret both = Secret::join(proxy.user, ":", proxy.password.reveal());
  const GCharPtr basic(
      g_base64_encode(reinterpret_cast<const guchar*>(both.reveal().data()), both.size()));
  Secret head = Secret::join("CONNECT ", to, " HTTP/1.1\r\nHost: ", to,
                             "\r\nProxy-Authorization: Basic ", basic.get(), "\r\n\r\n");
  wipe(basic.get(), std::string_view(basic.get()).size());
  return head;
}

/// Whether these bytes are no HTTP; an end of the connection is something else.
bool no_http(const ErrorCode& error) {
  const ErrorCode any = http::error::bad_value;
  return error.category() == any.category() && error != http::error::end_of_stream &&
         error != http::error::partial_message;
}

/// Everything after start() happens in turns of the strand. Until it is connected its exchange
/// alone keeps it: a look-up that hangs holds no secret.
class Post : public Attempt, public std::enable_shared_from_this<Post> {
 public:
  Post(std::shared_ptr<Exchange> exchange, Target target, std::shared_ptr<TlsPolicy> policy,
       std::shared_ptr<const Proxy> proxy, const Secret& body, const Secret& authorization)
      : exchange_(std::move(exchange)),
        target_(std::move(target)),
        policy_(std::move(policy)),
        proxy_(target_.scheme == "https" ? std::move(proxy) : nullptr),
        request_(request_of(target_, authorization.reveal(), body.reveal())),
        strand_(asio::make_strand(crossplat::threadpool::shared_instance().service())),
        socket_(strand_) {}
  ~Post() override {
    received_.clear();
    wipe(received_.prepare(kRoom).data(), kRoom);
  }

  void start();
  const Target& target() const override { return target_; }

 private:
  static constexpr std::size_t kRoom = AnswerParser::kMostHeader;

  void close() override {
    asio::post(strand_, [self = shared_from_this()] { self->stop(); });
  }

  template <class Method>
  auto then(Method method) {
    return [self = shared_from_this(), method](const ErrorCode& error, const auto&...) {
      if (!self->ended_) ((*self).*method)(error);
    };
  }
  /// Calls `with` with what bytes pass: TLS, or the socket for http.
  template <class With>
  void on_stream(With with) {
    if (tls_) {
      with(*tls_);
    } else {
      with(socket_);
    }
  }

  void on_connector_end(Connector::End how, Tcp::socket socket);
  void on_connected();
  void on_asked_proxy(const ErrorCode& error);
  void on_proxy_answer(const ErrorCode& error);
  void secure();
  void on_secure(const ErrorCode& error);
  void send();
  void on_sent(const ErrorCode& error);
  void on_head(const ErrorCode& error);
  void on_body(const ErrorCode& error);
  void read_head();
  void end_read(const ErrorCode& error);

  void end(Failure what) { finish(failure(what, target_.host)); }
  void finish(Result<HttpAnswer> result) {
    exchange_->answer(std::move(result));
    stop();
  }
  void stop() {
    ErrorCode closed_before;
    ended_ = true;
    if (connector_) connector_->cancel();
    socket_.close(closed_before);
  }

  const std::shared_ptr<Exchange> exchange_;
  const Target target_;
  const std::shared_ptr<TlsPolicy> policy_;
  const std::shared_ptr<const Proxy> proxy_;
  const Secret request_;
  Secret connect_head_;

  const Connector::Strand strand_;
  std::shared_ptr<Connector> connector_;
  Tcp::socket socket_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
  std::optional<asio::ssl::stream<Tcp::socket&>> tls_;

  beast::flat_static_buffer<kRoom> received_;
  std::optional<AnswerParser> parser_;
  int interim_ = 0;
  bool ended_ = false;  ///< Answered or abandoned: nothing of it goes on.
};

void Post::start() {
  connector_ = std::make_shared<Connector>(
      strand_, [weak = weak_from_this()](Connector::End how, Tcp::socket socket) {
        if (const auto self = weak.lock()) self->on_connector_end(how, std::move(socket));
      });
  connector_->start(proxy_ ? proxy_->host : target_.host, proxy_ ? proxy_->port : target_.port);
}

void Post::on_connector_end(Connector::End how, Tcp::socket socket) {
  switch (how) {
    case Connector::End::kConnected:
      socket_ = std::move(socket);
      return on_connected();
    case Connector::End::kNoName:
      return end(proxy_ ? Failure::kProxyName : Failure::kName);
    case Connector::End::kNoAnswer:
      return end(proxy_ ? Failure::kProxyConnect : Failure::kConnect);
    case Connector::End::kNoRoom:
      return end(Failure::kNoRoom);
  }
}

void Post::on_connected() {
  ErrorCode not_settable;
  socket_.set_option(Tcp::no_delay(true), not_settable);
  if (target_.scheme != "https") return send();
  if (!proxy_) return secure();
  connect_head_ = connect_head(target_, *proxy_);
  asio::async_write(socket_, asio::buffer(connect_head_.reveal()), then(&Post::on_asked_proxy));
}

void Post::on_asked_proxy(const ErrorCode& error) {
  connect_head_ = Secret();
  if (error) return end(Failure::kProxyBroke);
  parser_.emplace();
  parser_->skip(true);
  http::async_read_header(socket_, received_, *parser_, then(&Post::on_proxy_answer));
}

void Post::on_proxy_answer(const ErrorCode& error) {
  if (error) return end(no_http(error) ? Failure::kProxyNoHttp : Failure::kProxyBroke);
  if (!parser_->success()) return finish(proxy_failure(parser_->status(), target_.host, *proxy_));
  received_.clear();
  secure();
}

void Post::secure() {
  ErrorCode error;
  context_.set_default_verify_paths(error);
  context_.set_verify_mode(asio::ssl::verify_peer, error);
  if (error) return finish(policy_->handshake_error());
  policy_->apply(context_);
  tls_.emplace(socket_, context_);
  if (!g_hostname_is_ip_address(target_.host.c_str())) {
    SSL_set_tlsext_host_name(tls_->native_handle(), target_.host.c_str());  // RFC 6066 section 3
  }
  tls_->async_handshake(asio::ssl::stream_base::client, then(&Post::on_secure));
}

void Post::on_secure(const ErrorCode& error) {
  if (error) return finish(policy_->handshake_error());
  send();
}

void Post::send() {
  if (!begin_sending()) return stop();
  on_stream([this](auto& stream) {
    asio::async_write(stream, asio::buffer(request_.reveal()), then(&Post::on_sent));
  });
}

// A server may answer and end the connection before it has read all (RFC 9112 section 9.5): what it
// said counts, and if it said nothing the reading tells.
void Post::on_sent(const ErrorCode&) { read_head(); }

void Post::read_head() {
  parser_.emplace();
  on_stream([this](auto& stream) {
    http::async_read_header(stream, received_, *parser_, then(&Post::on_head));
  });
}

void Post::on_head(const ErrorCode& error) {
  if (error) return end_read(error);
  if (parser_->status() == kSwitchingProtocols || interim_ > kMostInterim) {
    return end(Failure::kUnreadable);
  }
  if (parser_->interim()) {
    ++interim_;
    return read_head();
  }
  on_stream([this](auto& stream) {
    http::async_read(stream, received_, *parser_, then(&Post::on_body));
  });
}

// An answer without a length ends with its connection, and few servers say goodbye over TLS first.
// JSON tells whether it is whole.
void Post::on_body(const ErrorCode& error) {
  if (error == asio::ssl::error::stream_truncated && parser_->need_eof()) {
    ErrorCode incomplete;
    parser_->put_eof(incomplete);
    return incomplete ? end(Failure::kCutOff) : finish(parser_->answer());
  }
  if (error) return end_read(error);
  finish(parser_->answer());
}

void Post::end_read(const ErrorCode& error) {
  if (error == http::error::header_limit || error == http::error::body_limit ||
      error == http::error::buffer_overflow) {
    return end(Failure::kTooLarge);
  }
  if (no_http(error)) return end(Failure::kNoHttp);
  end(parser_->got_some() ? Failure::kCutOff : Failure::kBroke);
}

}  // namespace

std::shared_ptr<Attempt> start_post(std::shared_ptr<Exchange> exchange, Target target,
                                    std::shared_ptr<TlsPolicy> policy,
                                    std::shared_ptr<const Proxy> proxy, const Secret& body,
                                    const Secret& authorization) {
  const auto post =
      std::make_shared<Post>(std::move(exchange), std::move(target), std::move(policy),
                             std::move(proxy), body, authorization);
  post->start();
  return post;
}

}  // namespace mail_oauth::net
