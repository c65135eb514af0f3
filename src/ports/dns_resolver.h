// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: look-ups in the DNS, for finding a provider by an address's domain, and for saying whether
// a name is known at all.
#pragma once

#include <string>
#include <vector>

#include "ports/call.h"

namespace mail_oauth {

class DnsResolver {
 public:
  virtual ~DnsResolver() = default;

  /// Mail exchangers, the preferred first, lower case without the last dot. None is an empty list;
  /// kTransient when the DNS could not be asked.
  virtual Call mail_exchangers(std::string domain, Done<std::vector<std::string>> done) = 0;

  /// Numeric addresses of a host, at least one. kTransient when there is none, or the DNS could not
  /// be asked: nobody can tell these apart for sure.
  virtual Call addresses(std::string host, Done<std::vector<std::string>> done) = 0;
};

}  // namespace mail_oauth
