// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading `https_proxy` and `no_proxy`. There is no RFC; the forms are those that curl takes. Pure;
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "net/target.h"

namespace mail_oauth::net {

struct Proxy {
  std::string host;
  int port = 0;
  std::string user;  ///< Empty: no credentials.
  Secret password;
  std::string variable;  ///< Of the environment, where all of this is written.
};

/// Reads what `variable` of the environment holds. A missing "http://" is added, a missing port is
/// 8080 (cpprest's). Fails with kConfig when it is no address or another kind of proxy (https,
/// socks); the text names the variable and does not repeat what it holds: there may be a password.
Result<Proxy> parse_proxy(std::string_view value, const std::string& variable);

/// True for loopback always, and for what `no_proxy` lists: "*", a host, a domain with its hosts
/// (with or without a dot in front), each also with ":port". Separated by commas or spaces.
bool bypasses_proxy(std::string_view no_proxy, const Target& target);

}  // namespace mail_oauth::net
