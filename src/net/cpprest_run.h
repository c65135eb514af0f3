// SPDX-License-Identifier: GPL-3.0-or-later
//
// One GET on cpprest's side: its buffers, its cancellation, and what its failures mean.
//
// Shared by cpprest's threads and the caller's; see each member.
#pragma once

#include <cpprest/http_client.h>
#include <cpprest/rawptrstream.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "net/attempt.h"
#include "net/body_buffer.h"
#include "net/proxy.h"
#include "net/tls_policy.h"

namespace mail_oauth::net {

class Run;

/// What requests to one scheme, host and port share: the TLS policy, the proxy, and the connections
/// of GET.
class Origin {
 public:
  Origin(const Target& target, const std::string& extra_ca_file);

  /// REQUIRES: before client().
  void configure(web::http::client::http_client_config config) { config_ = std::move(config); }
  web::http::client::http_client& client();

  void enter(const std::shared_ptr<Run>& run);

  std::shared_ptr<TlsPolicy> tls;
  std::shared_ptr<const Proxy> proxy;  ///< Null: none.

 private:
  struct Guests {
    std::mutex mutex;
    std::vector<std::weak_ptr<Run>> runs;
    void flood();
  };
  std::shared_ptr<Guests> guests_;
  const web::uri address_;
  web::http::client::http_client_config config_;
  std::optional<web::http::client::http_client> client_;
};

class Run : public Attempt, public std::enable_shared_from_this<Run> {
 public:
  Run(std::shared_ptr<Exchange> exchange, Target target, std::shared_ptr<Origin> origin);

  /// Caller's thread. May throw what cpprest throws.
  void start();
  /// Any thread: ends as kProtocol.
  void refuse_size();

  const Target& target() const override { return target_; }

 private:
  void close() override;
  web::http::http_request request();
  pplx::task<web::http::http_response> on_headers(web::http::http_response response);
  void on_end(const pplx::task<web::http::http_response>& task);
  Result<HttpAnswer> answer(const web::http::http_response& response);
  Error failed(std::string_view text);

  const std::shared_ptr<Exchange> exchange_;
  const Target target_;
  const std::shared_ptr<Origin> origin_;
  BodyBuffer landing_;
  concurrency::streams::rawptr_buffer<std::uint8_t> sink_;
  pplx::cancellation_token_source cancel_;
  std::atomic<bool> complete_{false};
};

}  // namespace mail_oauth::net
