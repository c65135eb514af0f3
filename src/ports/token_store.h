// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: where grants and client secrets outlive the process.
//
// Every failure is kStorage, with a text that says which of the three it is: locked, no service, no
// bus. "There is nothing" is an answer and never stands for "I could not look".
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "oauth/grant.h"
#include "ports/call.h"

namespace mail_oauth {

class TokenStore {
 public:
  virtual ~TokenStore() = default;

  /// Stores, reads and deletes a probe item, unlocking where needed, so that nobody signs in in
  /// vain.
  virtual Call prove_writable(Done<void> done) = 0;

  /// The same for the place in which that grant is, and beside it: what fails or comes late there
  /// does the grant no harm.
  virtual Call prove_place_of(GrantKey key, Done<void> done);

  virtual Call load(GrantKey key, Done<std::optional<Grant>> done) = 0;
  virtual Call save(Grant grant, Done<void> done) = 0;
  virtual Call erase(GrantKey key, Done<void> done) = 0;
  /// Names only: needs no unlocking.
  virtual Call list(Done<std::vector<GrantKey>> done) = 0;

  virtual Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) = 0;
  /// An empty secret erases.
  virtual Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) = 0;
};

inline Call TokenStore::prove_place_of(GrantKey, Done<void> done) {
  return prove_writable(std::move(done));
}

}  // namespace mail_oauth
