// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where each value of a provider comes from: the file, and the source that the file names for it.
// Blocking (local files); any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "manifest/sources.h"

namespace mail_oauth::manifest {

struct Value {
  std::string pointer;  ///< "/servers/imap/host"
  Json value;
  std::string file;
  std::optional<Source> source;  ///< Nothing: the file does not say.
};

/// Every value of the provider (or template) as it counts, in the order of its files. Fails as its
/// manifest does.
Result<std::vector<Value>> values_of(const std::vector<std::string>& folders,
                                     const std::string& id);

}  // namespace mail_oauth::manifest
