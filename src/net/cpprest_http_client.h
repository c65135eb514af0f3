// SPDX-License-Identifier: GPL-3.0-or-later
//
// HttpClient on cpprestsdk for GETs (cpprest_run.h), and on what that stands on for POSTs (post.h):
// who may be asked, over which proxy, and for how long. cpprest's exceptions end here and there.
//
// One thread calls; cpprest's pool (one thread) does the work, but for looking names up. A password
// that the proxy refused is not sent to it again: a directory locks whoever tries too often.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

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
  Result<std::shared_ptr<net::Origin>> origin_of(const net::Target& target,
                                                 const std::string& ca_file);

  /// Notes what `done` is told about the proxy's login.
  Done<HttpAnswer> watching_the_proxy(Done<HttpAnswer> done) const;

  const HttpOptions options_;
  /// Set when the proxy refused the login.
  const std::shared_ptr<std::optional<Error>> proxy_refusal_;
  /// By address and `ca_file`: a connection that one provider trusts is no other's. They keep
  /// connections open.
  std::map<std::pair<std::string, std::string>, std::shared_ptr<net::Origin>> origins_;
};

}  // namespace mail_oauth
