// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/net_module.h"

#include "base/guarded.h"
#include "base/module.h"
#include "net/cpprest_http_client.h"

extern "C" __attribute__((visibility("default"))) const char* mail_oauth_module_stamp() {
  return mail_oauth::module_stamp();
}

extern "C" __attribute__((visibility("default"))) mail_oauth::HttpClient* mail_oauth_net_open(
    const mail_oauth::HttpOptions* options) {
  using mail_oauth::HttpClient;
  return mail_oauth::guarded("net module", static_cast<HttpClient*>(nullptr), [&]() -> HttpClient* {
    return new mail_oauth::CpprestHttpClient(*options);
  });
}
