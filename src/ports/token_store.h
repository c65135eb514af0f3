// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: where grants and client secrets outlive the process.
//
// Every failure is kStorage, with a text that says which of the three it is: locked, no service, no
// bus. "There is nothing" is an answer and never stands for "I could not look".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "oauth/grant.h"
#include "oauth/grant_filter.h"
#include "ports/call.h"

namespace mail_oauth {

class TokenStore {
 public:
  virtual ~TokenStore() = default;

  /// Stores, reads and deletes a probe item, unlocking where needed, so that nobody signs in in
  /// vain.
  virtual Call prove_writable(Done<void> done) = 0;

  /// The same for the place in which that grant is to be. What stands there is not touched, so that
  /// no lock is needed.
  virtual Call prove_room_for(GrantKey key, Done<void> done);

  /// The same for what stands there: what fails or comes late does the grant no harm. It may be
  /// written anew as it was read. REQUIRES: the grant's lock.
  virtual Call prove_place_of(GrantKey key, Done<void> done);

  /// How long save() or erase() of that grant may go on, whoever waits for it or not: as long the
  /// grant's lock has to be kept. 0: no longer than somebody waits.
  virtual std::chrono::seconds write_limit(const GrantKey&) const {
    return std::chrono::seconds(0);
  }

  virtual Call load(GrantKey key, Done<std::optional<Grant>> done) = 0;
  virtual Call save(Grant grant, Done<void> done) = 0;
  virtual Call erase(GrantKey key, Done<void> done) = 0;
  /// Names only: needs no unlocking.
  virtual Call list(Done<std::vector<GrantKey>> done) = 0;
  /// Those of them of one identity, in any case (ASCII): for who knows it, where list() is dear.
  virtual Call list_of(std::string identity, Done<std::vector<GrantKey>> done);

  virtual Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) = 0;
  /// An empty secret erases.
  virtual Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) = 0;
};

inline Call TokenStore::list_of(std::string identity, Done<std::vector<GrantKey>> done) {
  return list([identity = std::move(identity), done](const Result<std::vector<GrantKey>>& keys) {
    if (!keys) return done(keys.error());
    done(fitting(*keys, {identity, "", "", ""}));
  });
}

inline Call TokenStore::prove_room_for(GrantKey, Done<void> done) {
  return prove_writable(std::move(done));
}

inline Call TokenStore::prove_place_of(GrantKey, Done<void> done) {
  return prove_writable(std::move(done));
}

}  // namespace mail_oauth
