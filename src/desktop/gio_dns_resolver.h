// SPDX-License-Identifier: GPL-3.0-or-later
//
// DnsResolver on GIO's GResolver.
#pragma once

#include "ports/dns_resolver.h"

namespace mail_oauth {

class GioDnsResolver : public DnsResolver {
 public:
  /// kConfig when `domain` is empty; else as the port says.
  Call mail_exchangers(std::string domain, Done<std::vector<std::string>> done) override;
  Call addresses(std::string host, Done<std::vector<std::string>> done) override;
};

/// Hosts from (preference, host) pairs as the port wants them: the preferred first, lower case, no
/// last dot. A single "." says that there is no mail (RFC 7505) and gives an empty list.
std::vector<std::string> ordered_exchangers(std::vector<std::pair<int, std::string>> records);

}  // namespace mail_oauth
