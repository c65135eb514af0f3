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
  /// `ca_file`: whom the asker trusts besides (Provider::ca_file). What one of these may have said
  /// is not found by others.
  MetadataCache(std::string folder, std::string ca_file)
      : folder_(std::move(folder)), ca_file_(std::move(ca_file)) {}

  /// The document as it came. Nothing when it is too old, from the future, damaged, or could have
  /// been written by others.
  std::optional<std::string> find(const std::string& issuer, WallTime now) const;

  /// Failing to keep it is no failure.
  void keep(const std::string& issuer, const std::string& document, WallTime now) const;

 private:
  std::string path(const std::string& issuer) const;

  std::string folder_;
  std::string ca_file_;
};

}  // namespace mail_oauth::signin
