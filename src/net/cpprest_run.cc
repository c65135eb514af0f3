// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/cpprest_run.h"

#include <algorithm>

#include "base/i18n.h"

namespace mail_oauth::net {

namespace {

namespace http = web::http;

/// cpprest tells its failures apart by English texts only: error codes overlap.
struct Failure {
  std::string_view text;
  Error::Kind kind;
  const char* words;
};

constexpr Failure kFailures[] = {
    {"Error resolving proxy address", Error::Kind::kTransient,
     N_("The proxy's name was not found, so {} could not be asked.")},
    {"Failed to connect to any resolved proxy endpoint", Error::Kind::kTransient,
     N_("The proxy could not be reached, so {} could not be asked.")},
    {"Failed to send connect request to proxy", Error::Kind::kTransient,
     N_("The proxy broke the connection, so {} could not be asked.")},
    {"Failed to read HTTP status line from proxy", Error::Kind::kTransient,
     N_("The proxy broke the connection, so {} could not be asked.")},
    {"Expected a 200 response from proxy", Error::Kind::kTransient,
     N_("The proxy refused to connect with {}.")},
    {"Invalid HTTP status line during proxy", Error::Kind::kTransient,
     N_("The proxy gave an answer that is not HTTP, so {} could not be asked.")},
    {"Error resolving address", Error::Kind::kTransient,
     N_("The name {} was not found. Is the network up?")},
    {"Failed to resolve address", Error::Kind::kTransient,
     N_("The name {} was not found. Is the network up?")},
    {"Failed to connect to any resolved endpoint", Error::Kind::kTransient,
     N_("{} could not be reached. Is the network up?")},
    {"Failed to write request", Error::Kind::kTransient,
     N_("{} broke the connection before it answered.")},
    {"Failed to read HTTP status line", Error::Kind::kTransient,
     N_("{} broke the connection before it answered.")},
    {"Invalid HTTP status line", Error::Kind::kProtocol, N_("{} gave an answer that is not HTTP.")},
    {"Invalid chunked response header", Error::Kind::kProtocol,
     N_("{} gave an answer that is not HTTP.")},
    {"Failed to read", Error::Kind::kProtocol, N_("The answer of {} was cut off.")},
    {"Retrieving message chunk", Error::Kind::kProtocol, N_("The answer of {} was cut off.")},
};

}  // namespace

Origin::Origin(const Target& target, const std::string& extra_ca_file)
    : guests_(std::make_shared<Guests>()), address_(target.origin()) {
  tls = std::make_shared<TlsPolicy>(target.host, extra_ca_file,
                                    [guests = guests_] { guests->flood(); });
}

std::shared_ptr<http::client::http_client> Origin::client_for(HttpRequest::Method method) {
  if (method == HttpRequest::Method::kPost) {
    return std::make_shared<http::client::http_client>(address_, config_);
  }
  if (!reusing_) reusing_ = std::make_shared<http::client::http_client>(address_, config_);
  return reusing_;
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

Run::Run(std::shared_ptr<Exchange> exchange, Target target, std::shared_ptr<Origin> origin,
         Secret body)
    : exchange_(std::move(exchange)),
      target_(std::move(target)),
      origin_(std::move(origin)),
      body_(std::move(body)),
      sink_(landing_.bytes(), BodyBuffer::kLimit, std::ios::out) {}

http::http_request Run::request(HttpRequest::Method method) {
  http::http_request request(method == HttpRequest::Method::kPost ? http::methods::POST
                                                                  : http::methods::GET);
  request.set_request_uri(web::uri(target_.resource));
  request.headers().add("Accept", "application/json");
  request.headers().add("User-Agent", "mail-oauth/" MAIL_OAUTH_VERSION);
  if (method == HttpRequest::Method::kPost) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(body_.reveal().data());
    request.set_body(
        concurrency::streams::rawptr_stream<std::uint8_t>::open_istream(bytes, body_.size()),
        body_.size(), "application/x-www-form-urlencoded");
  }
  request.set_response_stream(concurrency::streams::ostream(sink_));
  request.set_progress_handler(
      [self = weak_from_this()](http::message_direction::direction, utility::size64_t) {
        // The first progress is an upload: name, connection, proxy and TLS are done.
        if (const auto run = self.lock()) run->connected_ = true;
      });
  return request;
}

void Run::start(HttpRequest::Method method) {
  origin_->enter(shared_from_this());
  const auto self = shared_from_this();
  client_ = origin_->client_for(method);
  client_->request(request(method), cancel_.get_token())
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
    exchange_->settle(answer(response));
  } catch (const std::exception& thrown) {
    exchange_->settle(failure(thrown.what()));
  } catch (...) {
    exchange_->settle(failure("unknown exception"));
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

Error Run::failure(const std::string& text) {
  if (text.rfind("Error in SSL handshake", 0) == 0) return origin_->tls->handshake_error();
  if (text.rfind("Writing past the end", 0) == 0) {
    return make_error(Error::Kind::kProtocol,
                      format(_("The answer of {} is larger than 1 MiB."), {target_.host}),
                      "too_large");
  }
  for (const Failure& known : kFailures) {
    if (std::string_view(text).substr(0, known.text.size()) != known.text) continue;
    return make_error(known.kind, format(_(known.words), {target_.host}));
  }
  return make_error(Error::Kind::kProtocol,
                    format(_("{} gave an answer that cannot be read."), {target_.host}));
}

void Run::refuse_size() {
  exchange_->settle(make_error(Error::Kind::kProtocol,
                               format(_("The answer of {} is larger than 1 MiB."), {target_.host}),
                               "too_large"));
}

void Run::abandon() {
  if (!complete_) cancel_.cancel();
}

}  // namespace mail_oauth::net
