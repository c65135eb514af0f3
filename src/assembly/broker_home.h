// SPDX-License-Identifier: GPL-3.0-or-later
//
// A broker together with all that it works with, for a program that stays: store, web, clock and
// provider files. Made, used and destroyed on the broker's thread (broker/threaded_broker.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "assembly/store.h"
#include "broker/broker.h"

namespace mail_oauth {

struct BrokerPlan {
  std::vector<std::string> folders;  ///< Of the manifests, the highest first; read anew each time.
  std::string lock_folder;           ///< From lock_folder_path().
  /// Whether the keyring may ask the person to unlock it for somebody who waits for a token.
  /// Nothing that happens in the background ever asks.
  Prompt prompt = Prompt::kAllowed;
  /// Another store than the keyring, or the keyring among others; called twice, on the broker's
  /// thread.
  std::function<std::unique_ptr<TokenStore>(Prompt)> open = open_store;
  /// Called once, on the broker's thread, when the first request is under way: what the HTTP
  /// library makes for the whole process is there then.
  std::function<void()> on_first_request = nullptr;
  /// Asks for no renewal that could not be stored: for a library in programs that may end at any
  /// time.
  bool proves_store = false;
};

/// The pointer holds the parts too.
std::shared_ptr<Broker> make_broker(BrokerPlan plan, BrokerObserver observer);

/// The provider of that id with the tenant filled in. kConfig as the catalog and for_tenant.
Result<Provider> provider_for(const std::vector<std::string>& folders, const ClientKey& client);

}  // namespace mail_oauth
