// SPDX-License-Identifier: GPL-3.0-or-later
//
// Metadata documents on disk, one file per issuer, good for 24 hours. Blocking (local files).
#pragma once

#include <optional>
#include <string>

#include "oauth/grant.h"

namespace mail_oauth::signin {

class MetadataCache {
 public:
  /// An empty folder: never finds and never keeps anything.
  explicit MetadataCache(std::string folder) : folder_(std::move(folder)) {}

  /// The document as it came. Nothing when it is too old, from the future, damaged, or could have
  /// been written by others.
  std::optional<std::string> find(const std::string& issuer, WallTime now) const;

  /// Failing to keep it is no failure.
  void keep(const std::string& issuer, const std::string& document, WallTime now) const;

 private:
  std::string path(const std::string& issuer) const;

  std::string folder_;
};

}  // namespace mail_oauth::signin
