// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a broker would answer at once, for threads that need not wake its thread to hear it.
//
// A copy and no judge: the broker keeps a token here when it handed it out and drops it when it
// would not hand it out again; only the time is looked at here. What is not found says nothing: the
// broker has to be asked. Any thread; nothing is called with the lock held. Dropped tokens are
// wiped.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "broker/fresh_token.h"

namespace mail_oauth {

class FreshTokens {
 public:
  /// In the place of what was there; ignored while the grant is shut, and after the end.
  void keep(const GrantKey& key, FreshToken token);
  void drop(const GrantKey& key);

  /// Drops, and lets nothing be kept until as many open(): the broker does not know yet what the
  /// caller knows, and might hand out meanwhile what was refused.
  void shut(const GrantKey& key);
  void open(const GrantKey& key);

  /// Drops everything for good.
  void end();

  /// A token for the protocol that does not expire within seconds of `now`.
  std::optional<AccessToken> find(const GrantKey& key, Protocol protocol, WallTime now);

 private:
  struct Kept {
    GrantKey key;
    std::shared_ptr<const FreshToken> fresh;  ///< So that it is copied without the lock.
  };
  std::vector<Kept>::iterator place_of(const GrantKey& key);
  void erase(const GrantKey& key);

  std::mutex mutex_;
  std::vector<Kept> tokens_;  ///< A handful: equality costs less than a map's order.
  std::map<GrantKey, int> shut_;
  bool ended_ = false;
};

}  // namespace mail_oauth
