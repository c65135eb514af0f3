// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificate authorities, read once and lent to one login at a time: they may not be shared, and
// logins run side by side. Any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "crypto/certificate.h"

namespace mail_oauth::capi {

class AnchorPool {
 public:
  using Anchors = std::unique_ptr<crypto::TrustAnchors>;

  /// Those of the system and of `file` (may be empty). Fails as TrustAnchors::of_system.
  Result<Anchors> lend(const std::string& file);
  void take_back(const std::string& file, Anchors anchors);

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Anchors>> idle_;
};

}  // namespace mail_oauth::capi
