// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TokenStore in memory: what it keeps ends with the program. Any thread, at once; answers as any
// TokenStore.
#pragma once

#include <map>
#include <mutex>

#include "ports/token_store.h"

namespace mail_oauth::claws {

class SessionTokenStore : public TokenStore {
 public:
  Call prove_writable(Done<void> done) override;
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  Call save(Grant grant, Done<void> done) override;
  Call erase(GrantKey key, Done<void> done) override;
  Call list(Done<std::vector<GrantKey>> done) override;
  /// Client secrets are not its matter: nothing.
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  /// kConfig.
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  std::mutex mutex_;
  std::map<GrantKey, Grant> grants_;
};

}  // namespace mail_oauth::claws
