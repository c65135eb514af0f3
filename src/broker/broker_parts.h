// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a broker is put together from. Everything in it lives longer than the broker, and is used on
// the broker's thread only.
#pragma once

#include <functional>
#include <string>

#include "oauth/grant.h"
#include "oauth/provider.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "ports/token_store.h"

namespace mail_oauth {

struct BrokerParts {
  /// Asked at the first renewal, so that a fresh token loads no HTTP library.
  std::function<Result<HttpClient*>()> http;
  TokenStore& store;
  /// One that never asks the person for anything, for what nobody waits for; null: `store`.
  TokenStore* background_store = nullptr;
  Clock& clock;
  std::string lock_folder;  ///< From lock_folder_path().
  /// The provider with its tenant filled in. kConfig: unknown, or its manifest is wrong.
  std::function<Result<Provider>(const ClientKey&)> provider_of;
  std::function<double()> jitter;  ///< In [0, 1); empty: random.
  bool refresh_ahead = true;       ///< Off for a command that ends at once.
  /// For grants whose lock has to be elsewhere, beside a store that processes of other sessions
  /// reach, too (cron has no runtime folder); empty: always lock_folder.
  std::function<std::string(const GrantKey&)> lock_folder_of = nullptr;
  /// Before a renewal, for a command that ends at once: it could not try again to store what came.
  bool proves_store = false;

  std::string locks(const GrantKey& key) const {
    return lock_folder_of ? lock_folder_of(key) : lock_folder;
  }
};

}  // namespace mail_oauth
