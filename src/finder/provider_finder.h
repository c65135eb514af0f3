// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a mail address to its provider: domains of the manifests, names of the account's servers,
// the mail exchangers of the domain, a sign-in server at the domain (OpenID Connect Discovery 1.0
// section 4), and addresses that know a provider's organizations. The first that leaves one
// decides; nobody further out is asked then.
//
// An organization that a provider knows makes a candidate and never a decision: its mail may be
// elsewhere. Only the domain leaves the machine, never the address. Knows no provider: all is data
// of the manifests. One thread's GMainContext.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "finder/finding.h"
#include "manifest/catalog.h"
#include "ports/clock.h"
#include "ports/dns_resolver.h"
#include "ports/http_client.h"

namespace mail_oauth::finder {

struct Sought {
  std::string address;
  std::vector<std::string> server_names;  ///< Of the account, where there is one; any case.
};

class ProviderFinder {
 public:
  /// How long each question to the network may take.
  static constexpr std::chrono::milliseconds kStepLimit{5000};
  /// And all of them together: a person waits, who can say it faster.
  static constexpr std::chrono::milliseconds kLimit{10000};

  /// Borrows all of them; they outlive the Call.
  ProviderFinder(const manifest::Catalog& catalog, DnsResolver& dns, HttpClient& http,
                 Clock& clock);

  /// kConfig: the address has no usable domain. A network that does not answer is no error: its
  /// step says so, and the person is asked in the end.
  Call find(Sought sought, Done<Finding> done);

 private:
  const manifest::Catalog& catalog_;
  DnsResolver& dns_;
  HttpClient& http_;
  Clock& clock_;
};

}  // namespace mail_oauth::finder
