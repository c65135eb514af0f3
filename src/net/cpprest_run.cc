// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/cpprest_run.h"

#include <algorithm>
#include <cstdlib>

#include "net/failure.h"

namespace mail_oauth::net {

namespace {

namespace http = web::http;

/// cpprest tells its failures apart by English texts only: error codes overlap.
struct Text {
  std::string_view begins;
  Failure what;
};

constexpr std::string_view kProxyStatus = "Expected a 200 response from proxy, received: ";

constexpr Text kTexts[] = {
    {"Error resolving proxy address", Failure::kProxyName},
    {"Failed to connect to any resolved proxy endpoint", Failure::kProxyConnect},
    {"Failed to send connect request to proxy", Failure::kProxyBroke},
    {"Failed to read HTTP status line from proxy", Failure::kProxyBroke},
    {"Invalid HTTP status line during proxy", Failure::kProxyNoHttp},
    {"Error resolving address", Failure::kName},
    {"Failed to resolve address", Failure::kName},
    {"Failed to connect to any resolved endpoint", Failure::kConnect},
    {"Failed to write request", Failure::kBroke},
    {"Failed to read HTTP status line", Failure::kBroke},
    {"Invalid HTTP status line", Failure::kNoHttp},
    {"Invalid chunked response header", Failure::kNoHttp},
    {"Failed to read", Failure::kCutOff},
    {"Retrieving message chunk", Failure::kCutOff},
    {"Writing past the end", Failure::kTooLarge},
};

}  // namespace

Origin::Origin(const Target& target, const std::string& extra_ca_file)
    : guests_(std::make_shared<Guests>()), address_(target.origin()) {
  tls = std::make_shared<TlsPolicy>(target.host, extra_ca_file,
                                    [guests = guests_] { guests->flood(); });
}

http::client::http_client& Origin::client() {
  if (!client_) client_.emplace(address_, config_);
  return *client_;
}

void Origin::enter(const std::shared_ptr<Run>& run) {
  const std::lock_guard lock(guests_->mutex);
  auto& runs = guests_->runs;
  runs.erase(
      std::remove_if(runs.begin(), runs.end(), [](const auto& old) { return old.expired(); }),
      runs.end());
  runs.push_back(run);
}

// Which of them it is cannot be known here, and this server is not to be trusted with any.
void Origin::Guests::flood() {
  std::vector<std::shared_ptr<Run>> alive;
  {
    const std::lock_guard lock(mutex);
    for (const auto& run : runs) {
      if (auto strong = run.lock()) alive.push_back(std::move(strong));
    }
  }
  for (const auto& run : alive) run->refuse_size();
}

Run::Run(std::shared_ptr<Exchange> exchange, Target target, std::shared_ptr<Origin> origin)
    : exchange_(std::move(exchange)),
      target_(std::move(target)),
      origin_(std::move(origin)),
      sink_(landing_.bytes(), BodyBuffer::kLimit, std::ios::out) {}

http::http_request Run::request() {
  http::http_request request(http::methods::GET);
  request.set_request_uri(web::uri(target_.resource));
  request.headers().add("Accept", "application/json");
  request.headers().add("User-Agent", "mail-oauth/" MAIL_OAUTH_VERSION);
  request.set_response_stream(concurrency::streams::ostream(sink_));
  request.set_progress_handler(
      [self = weak_from_this()](http::message_direction::direction, utility::size64_t) {
        // The first progress is an upload: name, connection, proxy and TLS are done.
        if (const auto run = self.lock()) run->begin_sending();
      });
  return request;
}

void Run::start() {
  origin_->enter(shared_from_this());
  const auto self = shared_from_this();
  origin_->client()
      .request(request(), cancel_.get_token())
      .then([self](http::http_response response) { return self->on_headers(std::move(response)); })
      .then([self](pplx::task<http::http_response> task) { self->on_end(task); });
}

pplx::task<http::http_response> Run::on_headers(http::http_response response) {
  if (response.headers().content_length() > BodyBuffer::kLimit) {
    refuse_size();
    abandon();
  }
  return response.content_ready();
}

void Run::on_end(const pplx::task<http::http_response>& task) {
  try {
    const http::http_response response = task.get();
    complete_ = true;
    exchange_->answer(answer(response));
  } catch (const std::exception& thrown) {
    exchange_->answer(failed(thrown.what()));
  } catch (...) {
    exchange_->answer(failed("unknown exception"));
  }
}

Result<HttpAnswer> Run::answer(const http::http_response& response) {
  HttpAnswer answer;
  answer.status = response.status_code();
  for (const auto& header : response.headers()) {
    std::string name = header.first;
    std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    answer.headers[name] = header.second;
  }
  const auto written = static_cast<std::streamoff>(sink_.getpos(std::ios::out));
  answer.body = landing_.copy(written > 0 ? static_cast<std::size_t>(written) : 0);
  return answer;
}

Error Run::failed(std::string_view text) {
  if (text.substr(0, 22) == "Error in SSL handshake") return origin_->tls->handshake_error();
  if (origin_->proxy && text.substr(0, kProxyStatus.size()) == kProxyStatus) {
    const std::string status(text.substr(kProxyStatus.size()));
    return proxy_failure(std::atoi(status.c_str()), target_.host, *origin_->proxy);
  }
  for (const Text& known : kTexts) {
    if (text.substr(0, known.begins.size()) == known.begins) {
      return failure(known.what, target_.host);
    }
  }
  return failure(Failure::kUnreadable, target_.host);
}

void Run::refuse_size() { exchange_->answer(failure(Failure::kTooLarge, target_.host)); }

void Run::close() {
  if (!complete_) cancel_.cancel();
}

}  // namespace mail_oauth::net
