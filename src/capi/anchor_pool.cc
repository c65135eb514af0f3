// SPDX-License-Identifier: GPL-3.0-or-later
#include "capi/anchor_pool.h"

#include <utility>

namespace mail_oauth::capi {

Result<AnchorPool::Anchors> AnchorPool::lend(const std::string& file) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& idle = idle_[file];
    if (!idle.empty()) {
      Anchors anchors = std::move(idle.back());
      idle.pop_back();
      return anchors;
    }
  }
  auto read = crypto::TrustAnchors::of_system(file);
  if (!read) return read.error();
  return std::make_unique<crypto::TrustAnchors>(std::move(*read));
}

void AnchorPool::take_back(const std::string& file, Anchors anchors) {
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_[file].push_back(std::move(anchors));
}

}  // namespace mail_oauth::capi
