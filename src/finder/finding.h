// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a look for the provider of an address brought. Values; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oauth/provider.h"

namespace mail_oauth::finder {

/// By what an address is known, in the order in which they are asked.
enum class Means { kDomains, kServerNames, kMailExchangers, kDiscovery, kTenants };

/// A word for `--json`: "domains", "server_names", "mx", "discovery" or "tenants".
const char* means_word(Means means);

/// One line of the trace.
struct Step {
  Means means = Means::kDomains;
  std::string what;  ///< A translated sentence; what it decided, or why it did not.
};

struct Finding {
  /// The one; nothing: ask the person.
  std::optional<Provider> provider;
  /// For that question, those that something speaks for. May be empty.
  std::vector<Provider> candidates;
  /// The domain has a sign-in server that no manifest is for. Empty: it has none.
  std::string unknown_issuer;
  std::string domain;  ///< As it was looked for.
  std::vector<Step> trace;
};

}  // namespace mail_oauth::finder
