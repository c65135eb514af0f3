// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a broker is put together from. Everything in it lives longer than the broker, and is used on
// the broker's thread only.
#pragma once

#include <chrono>
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
  /// Before a renewal, for a command that ends at once, or a program that may end at any time: it
  /// could not try again to store what came.
  bool proves_store = false;
  /// How long a person may take who is asked to unlock the store.
  std::chrono::seconds person_limit{120};

  TokenStore& quiet_store() const { return background_store ? *background_store : store; }
};

}  // namespace mail_oauth
