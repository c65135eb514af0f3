// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/cpprest_http_client.h"

#include <openssl/ssl.h>
#include <pplx/threadpool.h>

#include "base/i18n.h"
#include "net/cpprest_run.h"
#include "net/proxy.h"

namespace mail_oauth {

namespace {

using net::Exchange;
using net::Run;

/// cpprest would start 40 threads. One is enough, for nothing that runs there blocks: names are
/// looked up on a thread of their own. And it throws when somebody in the process was first.
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

Error too_slow(const char* words, const Run& run, std::chrono::milliseconds limit) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit).count();
  return make_error(Error::Kind::kTransient,
                    format(words, {run.target().host, std::to_string(seconds)}), "time_out");
}

/// cpprest's own time-out is for each read and write and would let a dripping server go on for
/// ever.
void set_limits(const std::shared_ptr<Exchange>& exchange, const std::shared_ptr<Run>& run,
                std::chrono::milliseconds connect_limit, std::chrono::milliseconds time_limit) {
  const std::weak_ptr<Run> weak_run = run;
  const std::weak_ptr<Exchange> weak_exchange = exchange;
  const auto expire = [=](const char* words, std::chrono::milliseconds limit, bool connecting) {
    const auto strong_run = weak_run.lock();
    const auto strong_exchange = weak_exchange.lock();
    if (!strong_run || !strong_exchange || (connecting && strong_run->connected())) return;
    strong_exchange->settle(too_slow(words, *strong_run, limit));
  };
  exchange->after(connect_limit, [=] {
    expire(_("{} could not be reached within {} seconds."), connect_limit, true);
  });
  exchange->after(time_limit,
                  [=] { expire(_("{} did not answer within {} seconds."), time_limit, false); });
  exchange->at_end([=] {
    if (const auto strong_run = weak_run.lock()) strong_run->abandon();
  });
}

}  // namespace

CpprestHttpClient::CpprestHttpClient(HttpOptions options) : options_(std::move(options)) {
  bound_pool();
}

CpprestHttpClient::~CpprestHttpClient() = default;

Result<std::shared_ptr<net::Origin>> CpprestHttpClient::origin_of(const net::Target& target) {
  std::shared_ptr<net::Origin>& origin = origins_[target.origin()];
  if (origin) return origin;
  auto fresh = std::make_shared<net::Origin>(target, options_.extra_ca_file);
  if (auto readable = fresh->tls->check_extra_ca(); !readable) return readable.error();

  web::http::client::http_client_config config;
  config.set_max_redirects(0);
  config.set_timeout(std::chrono::hours(1));  // ours, in set_limits(), are shorter
  config.set_ssl_context_callback(
      [tls = fresh->tls](boost::asio::ssl::context& context) { tls->apply(context); });
  if (!options_.proxy.empty() && !net::bypasses_proxy(options_.no_proxy, target)) {
    const auto proxy = net::parse_proxy(options_.proxy);
    if (!proxy) return proxy.error();
    web::web_proxy address{web::uri(proxy->address)};
    if (!proxy->user.empty()) {
      address.set_credentials({proxy->user, std::string(proxy->password.reveal())});
    }
    config.set_proxy(address);
  }
  fresh->configure(std::move(config));
  origin = std::move(fresh);
  return origin;
}

Call CpprestHttpClient::send(HttpRequest request, Done<HttpAnswer> done) {
  const auto exchange = Exchange::start(std::move(done));
  Call call([exchange] { exchange->drop(); });
  try {
    auto target = net::parse_target(request.url);
    if (!target) {
      exchange->settle(target.error());
      return call;
    }
    auto origin = origin_of(*target);
    if (!origin) {
      exchange->settle(origin.error());
      return call;
    }
    const auto run = std::make_shared<Run>(exchange, *std::move(target), *std::move(origin),
                                           std::move(request.body));
    set_limits(exchange, run, options_.connect_limit, request.time_limit);
    run->start(request.method);
  } catch (const std::exception&) {
    exchange->settle(make_error(Error::Kind::kConfig,
                                format(_("The address \"{}\" cannot be asked: {}"),
                                       {request.url.substr(0, request.url.find_first_of("?#")),
                                        _("it is not a web address.")})));
  }
  return call;
}

}  // namespace mail_oauth
