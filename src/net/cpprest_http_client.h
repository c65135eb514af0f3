// SPDX-License-Identifier: GPL-3.0-or-later
//
// HttpClient on cpprestsdk. It and tls_policy.cc are the only files that see cpprest or its
// exceptions.
//
// One thread calls; cpprest's pool (one thread) does the work. A request is read from its Secret
// without a copy and an answer lands in a BodyBuffer; cpprest's and OpenSSL's own buffers cannot be
// wiped, and hold both until they are overwritten.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "net/http_options.h"
#include "net/target.h"
#include "ports/http_client.h"

namespace mail_oauth {

namespace net {
class Origin;
}

class CpprestHttpClient : public HttpClient {
 public:
  explicit CpprestHttpClient(HttpOptions options);
  ~CpprestHttpClient() override;

  Call send(HttpRequest request, Done<HttpAnswer> done) override;

 private:
  Result<std::shared_ptr<net::Origin>> origin_of(const net::Target& target);

  const HttpOptions options_;
  std::map<std::string, std::shared_ptr<net::Origin>> origins_;  ///< They keep connections open.
};

}  // namespace mail_oauth
