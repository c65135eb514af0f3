// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which addresses may be asked: https, and http to this machine only. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mail_oauth::net {

/// A URL taken apart.
struct Target {
  std::string scheme;    ///< "https" or "http".
  std::string host;      ///< Lower case.
  int port = 0;          ///< Never 0.
  std::string resource;  ///< Path and query, encoded; at least "/".
  bool default_port = false;

  bool loopback() const;
  /// "https://host" with the port where it is not the scheme's own.
  std::string origin() const;
};

/// Fails with kConfig: no URL, another scheme, http to another machine, a user or password in it,
/// or an IPv6 address (cpprest cannot resolve those: "localhost"). The text names the address
/// without its query; where it has a user or password, the host alone; nothing where a part of one
/// might be taken for something else.
Result<Target> parse_target(const std::string& url);

/// An address as it may be shown: query and fragment may hold a secret.
std::string without_query(const std::string& url);

/// Letters, digits and what else a name or a literal address holds (no international letters:
/// xn--).
bool is_host_name(std::string_view host);

/// 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view host);

}  // namespace mail_oauth::net
