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

struct HttpRequest {
  enum class Method { kGet, kPost };
  Method method = Method::kGet;
  std::string url;
  Secret body;  ///< application/x-www-form-urlencoded, for kPost.
  std::chrono::milliseconds time_limit{30'000};
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
  /// (the text says which), time-out. kProtocol: body too large or cut. kConfig: a URL that may not
  /// be asked.
  virtual Call send(HttpRequest request, Done<HttpAnswer> done) = 0;
};

}  // namespace mail_oauth
