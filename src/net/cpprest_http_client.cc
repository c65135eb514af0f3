// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/cpprest_http_client.h"

#include <openssl/ssl.h>
#include <pplx/threadpool.h>

#include "base/i18n.h"
#include "net/cpprest_run.h"
#include "net/failure.h"
#include "net/post.h"

namespace mail_oauth {

namespace {

using net::Attempt;
using net::Exchange;

/// cpprest would start 40 threads. One is enough, for nothing that runs there blocks: names are
/// looked up on threads of their own. And it throws when somebody in the process was first.
///
/// OpenSSL is started first, so that at exit it ends last: cpprest's threads, which are joined at
/// exit, can then give back what OpenSSL keeps for each of them.
void bound_pool() {
  OPENSSL_init_ssl(0, nullptr);
  try {
    crossplat::threadpool::initialize_with_threads(1);
  } catch (const std::exception&) {
    return;
  }
}

Error too_slow(const char* words, const Attempt& attempt, std::chrono::milliseconds limit) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit).count();
  return make_error(Error::Kind::kTransient,
                    format(words, {attempt.target().host, std::to_string(seconds)}), "time_out");
}

/// The exchange keeps the attempt until its end. cpprest's own time-out is for each read and write
/// and would let a dripping server go on for ever.
void set_limits(const std::shared_ptr<Exchange>& exchange, const std::shared_ptr<Attempt>& attempt,
                std::chrono::milliseconds connect_limit, std::chrono::milliseconds time_limit) {
  const std::weak_ptr<Exchange> weak_exchange = exchange;
  const auto expire = [=](const char* words, std::chrono::milliseconds limit) {
    if (const auto strong = weak_exchange.lock()) strong->answer(too_slow(words, *attempt, limit));
  };
  exchange->after(connect_limit, [=] {
    if (!attempt->give_up()) return;
    expire(_("{} could not be reached within {} seconds."), connect_limit);
  });
  exchange->after(time_limit, [=] {
    attempt->give_up();
    expire(_("{} did not answer within {} seconds."), time_limit);
  });
  exchange->at_end([=] { attempt->abandon(); });
}

}  // namespace

CpprestHttpClient::CpprestHttpClient(HttpOptions options)
    : options_(std::move(options)), proxy_refusal_(std::make_shared<std::optional<Error>>()) {
  bound_pool();
}

CpprestHttpClient::~CpprestHttpClient() = default;

Result<std::shared_ptr<net::Origin>> CpprestHttpClient::origin_of(const net::Target& target,
                                                                  const std::string& ca_file) {
  std::shared_ptr<net::Origin>& origin = origins_[{target.origin(), ca_file}];
  if (origin) return origin;
  auto fresh = std::make_shared<net::Origin>(target, ca_file);
  if (auto readable = fresh->tls->read_extra_ca(); !readable) return readable.error();

  web::http::client::http_client_config config;
  config.set_max_redirects(0);
  config.set_timeout(std::chrono::hours(1));  // ours, in set_limits(), are shorter
  config.set_ssl_context_callback([tls = fresh->tls](boost::asio::ssl::context& context) {
    tls->apply(context);
    tls->count_bytes(context);
  });
  if (!options_.proxy.empty() && !net::bypasses_proxy(options_.no_proxy, target)) {
    auto proxy = net::parse_proxy(options_.proxy, options_.proxy_variable);
    if (!proxy) return proxy.error();
    web::web_proxy address{web::uri("http://" + proxy->host + ":" + std::to_string(proxy->port))};
    if (!proxy->user.empty()) {
      address.set_credentials({proxy->user, std::string(proxy->password.reveal())});
    }
    config.set_proxy(address);
    fresh->proxy = std::make_shared<const net::Proxy>(*std::move(proxy));
  }
  fresh->configure(std::move(config));
  origin = std::move(fresh);
  return origin;
}

Done<HttpAnswer> CpprestHttpClient::watching_the_proxy(Done<HttpAnswer> done) const {
  return [done = std::move(done), refusal = proxy_refusal_](Result<HttpAnswer> result) {
    if (!result && result.error().code == net::kProxyLogin) *refusal = result.error();
    done(std::move(result));
  };
}

Call CpprestHttpClient::send(HttpRequest request, Done<HttpAnswer> done) {
  const auto exchange = Exchange::of(watching_the_proxy(std::move(done)));
  Call call = exchange->call();
  try {
    auto target = net::parse_target(request.url);
    if (!target) {
      exchange->answer(target.error());
      return call;
    }
    auto origin = origin_of(*target, request.ca_file);
    if (!origin) {
      exchange->answer(origin.error());
      return call;
    }
    const auto& proxy = (*origin)->proxy;
    if (proxy && !proxy->user.empty() && *proxy_refusal_) {
      exchange->answer(**proxy_refusal_);
      return call;
    }
    if (request.method == HttpRequest::Method::kPost) {
      const auto post = net::start_post(exchange, *std::move(target), (*origin)->tls,
                                        (*origin)->proxy, request.body, request.authorization);
      set_limits(exchange, post, options_.connect_limit, request.time_limit);
      return call;
    }
    const auto run = std::make_shared<net::Run>(exchange, *std::move(target), *std::move(origin));
    set_limits(exchange, run, options_.connect_limit, request.time_limit);
    run->start();
  } catch (const std::exception&) {
    exchange->answer(
        make_error(Error::Kind::kConfig,
                   format(_("The address \"{}\" cannot be asked: {}"),
                          {net::without_query(request.url), _("it is not a web address.")})));
  }
  return call;
}

}  // namespace mail_oauth
