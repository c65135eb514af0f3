// SPDX-License-Identifier: GPL-3.0-or-later
//
// An HttpClient that opens the module with cpprest in it at the first request, so that a program
// with fresh tokens never pays for it. The module is found by the DT_RUNPATH of the program or
// plugin that this is linked into, and never closed. As thread-bound as HttpClient.
#pragma once

#include <memory>

#include "net/http_options.h"
#include "ports/http_client.h"

namespace mail_oauth {

class LazyHttpClient : public HttpClient {
 public:
  explicit LazyHttpClient(HttpOptions options);
  ~LazyHttpClient() override;

  /// Besides the port's errors: kInternal when the module is not there or of another build (the
  /// installation is damaged).
  Call send(HttpRequest request, Done<HttpAnswer> done) override;

 private:
  HttpOptions options_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace mail_oauth
