// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/fresh_tokens.h"

#include <algorithm>
#include <utility>

#include "broker/schedule.h"

namespace mail_oauth {

std::vector<FreshTokens::Kept>::iterator FreshTokens::place_of(const GrantKey& key) {
  return std::find_if(tokens_.begin(), tokens_.end(),
                      [&key](const Kept& kept) { return kept.key == key; });
}

void FreshTokens::erase(const GrantKey& key) {
  const auto place = place_of(key);
  if (place != tokens_.end()) tokens_.erase(place);
}

void FreshTokens::keep(const GrantKey& key, FreshToken token) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (ended_ || shut_.count(key) != 0) return;
  erase(key);
  tokens_.push_back({key, std::make_shared<const FreshToken>(std::move(token))});
}

void FreshTokens::drop(const GrantKey& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  erase(key);
}

void FreshTokens::shut(const GrantKey& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  erase(key);
  ++shut_[key];
}

void FreshTokens::open(const GrantKey& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = shut_.find(key);
  if (found != shut_.end() && --found->second == 0) shut_.erase(found);
}

void FreshTokens::end() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  tokens_.clear();
}

std::optional<AccessToken> FreshTokens::find(const GrantKey& key, Protocol protocol, WallTime now) {
  std::shared_ptr<const FreshToken> fresh;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto place = place_of(key);
    if (place == tokens_.end()) return std::nullopt;
    fresh = place->fresh;
    if (!schedule::lasts(fresh->received_at, fresh->expires_at, now)) {
      tokens_.erase(place);
      return std::nullopt;
    }
  }
  const auto& serves = fresh->serves;
  if (std::find(serves.begin(), serves.end(), protocol) == serves.end()) return std::nullopt;
  return fresh->token.duplicate();
}

}  // namespace mail_oauth
