// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request on cpprest's side: its buffers, its cancellation, and what its failures mean.
//
// Shared by cpprest's threads and the caller's; see each member.
#pragma once

#include <cpprest/http_client.h>
#include <cpprest/rawptrstream.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "net/body_buffer.h"
#include "net/exchange.h"
#include "net/target.h"
#include "net/tls_policy.h"

namespace mail_oauth::net {

class Run;

/// What requests to one scheme, host and port share: the TLS policy, and connections for GET.
///
/// A POST gets a connection of its own: on one that was used before and breaks, cpprest sends the
/// request again by itself, and a refresh token that arrives twice ends the grant at servers that
/// rotate (RFC 9700 section 4.14.2, RFC 9110 section 9.2.2).
class Origin {
 public:
  Origin(const Target& target, const std::string& extra_ca_file);

  /// REQUIRES: before client_for().
  void configure(web::http::client::http_client_config config) { config_ = std::move(config); }
  std::shared_ptr<web::http::client::http_client> client_for(HttpRequest::Method method);

  void enter(const std::shared_ptr<Run>& run);

  std::shared_ptr<TlsPolicy> tls;

 private:
  struct Guests {
    std::mutex mutex;
    std::vector<std::weak_ptr<Run>> runs;
    void flood();
  };
  std::shared_ptr<Guests> guests_;
  const web::uri address_;
  web::http::client::http_client_config config_;
  std::shared_ptr<web::http::client::http_client> reusing_;
};

class Run : public std::enable_shared_from_this<Run> {
 public:
  Run(std::shared_ptr<Exchange> exchange, Target target, std::shared_ptr<Origin> origin,
      Secret body);

  /// Caller's thread. May throw what cpprest throws.
  void start(HttpRequest::Method method);
  /// Any thread: ends as kProtocol.
  void refuse_size();
  /// Any thread: closes the connection unless the answer is complete.
  void abandon();

  bool connected() const { return connected_; }
  const Target& target() const { return target_; }

 private:
  web::http::http_request request(HttpRequest::Method method);
  pplx::task<web::http::http_response> on_headers(web::http::http_response response);
  void on_end(const pplx::task<web::http::http_response>& task);
  Result<HttpAnswer> answer(const web::http::http_response& response);
  Error failure(const std::string& text);

  const std::shared_ptr<Exchange> exchange_;
  const Target target_;
  const std::shared_ptr<Origin> origin_;
  std::shared_ptr<web::http::client::http_client> client_;
  const Secret body_;
  BodyBuffer landing_;
  concurrency::streams::rawptr_buffer<std::uint8_t> sink_;
  pplx::cancellation_token_source cancel_;
  std::atomic<bool> connected_{false};
  std::atomic<bool> complete_{false};
};

}  // namespace mail_oauth::net
