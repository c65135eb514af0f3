// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: HTTP requests to authorization servers.
//
// Implementations speak https only (http to loopback), follow no redirect, take at most 1 MiB of
// body, and verify certificates and names.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "base/secret.h"
#include "ports/call.h"

namespace mail_oauth {

inline constexpr std::chrono::seconds kRequestLimit{30};

struct HttpRequest {
  enum class Method { kGet, kPost };
  Method method = Method::kGet;
  std::string url;
  Secret body;           ///< application/x-www-form-urlencoded, for kPost.
  Secret authorization;  ///< The header of this name; empty: none.
  /// More certificates that this request, and no other, trusts: the Provider::ca_file of whose
  /// request it is. Empty: none.
  std::string ca_file{};
  std::chrono::milliseconds time_limit = kRequestLimit;
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  Secret body;                                 ///< Token answers are secrets.
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Any status is an answer, 3xx among them. kTransient: no connection, TLS or certificate failure
  /// (the text says which), time-out, or an answer that was cut off. kProtocol: an answer that is
  /// too large, not HTTP, or cannot be read. kConfig: a URL that may not be asked, a `ca_file` that
  /// cannot be read or that others may write, or a proxy that is no such address or refuses the
  /// password written for it.
  virtual Call send(HttpRequest request, Done<HttpAnswer> done) = 0;
};

}  // namespace mail_oauth
