// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the person, the administrator or the environment decides about HTTP. A value; any thread.
#pragma once

#include <chrono>
#include <string>

namespace mail_oauth {

struct HttpOptions {
  std::string proxy;  ///< "http://[user:password@]host:port" for https requests. Empty: none.
  std::string proxy_variable{"https_proxy"};  ///< Where the proxy is written, for words.
  std::string no_proxy;  ///< Comma-separated hosts that are asked directly; see net/proxy.h.
  std::chrono::milliseconds connect_limit{10'000};  ///< Name, connection, proxy and TLS together.
};

/// https_proxy and no_proxy, in lower case or else in upper case, as curl and wget read them.
HttpOptions http_options_from_environment();

}  // namespace mail_oauth
