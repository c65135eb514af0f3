// SPDX-License-Identifier: GPL-3.0-or-later
//
// One TokenStore over three: the keyring, the host's own store, and memory.
//
// The store belongs to the grant, and GrantPlaces says which. A grant is looked for where it is to
// be, then in the other places, so that a move that was cut short loses nothing. What is saved is
// written in its place first; then it leaves the others. Client secrets are in the keyring only.
// Answers and threads as those of the three, which it borrows.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "claws/grant_places.h"
#include "ports/token_store.h"

namespace mail_oauth::claws {

/// Each may ask the person, or not: as it was made.
struct PlaceStores {
  TokenStore& keyring;
  TokenStore& claws;
  TokenStore& session;

  TokenStore& at(GrantPlace place) const;
};

class PlacedTokenStore : public TokenStore {
 public:
  /// `new_ones`: where sign-ins are to be kept that are begun with this one.
  PlacedTokenStore(PlaceStores stores, GrantPlaces& places,
                   GrantPlace new_ones = GrantPlace::kKeyring)
      : stores_(stores), places_(places), new_ones_(new_ones) {}

  /// Of the place for new ones.
  Call prove_writable(Done<void> done) override;
  /// Where it is to be, or is.
  Call prove_room_for(GrantKey key, Done<void> done) override;
  /// Fails with the first place that cannot be asked. A keyring that does not run holds nothing
  /// when the grant is to be, or is, elsewhere; one that is locked might.
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  /// Fails with the place where it is to be, and then is nowhere else than before.
  Call save(Grant grant, Done<void> done) override;
  /// From all places. Fails with the first that refuses: it would be found there again.
  Call erase(GrantKey key, Done<void> done) override;
  /// Of all places. Fails with the keyring only where the others hold nothing.
  Call list(Done<std::vector<GrantKey>> done) override;
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  using Order = std::array<GrantPlace, 3>;
  using Found = Result<std::optional<Grant>>;

  Order order_for(const GrantKey& key) const;
  /// One question after the other, in an order that stands even when another place is chosen
  /// meanwhile.
  struct Walk {
    GrantKey key;
    Order order;
    std::size_t at = 0;
    std::optional<Error> absent;  ///< Why there is no keyring.
  };
  Call look(const Walk& walk, const Done<std::optional<Grant>>& done);
  Call leave(const Walk& walk, const Done<void>& done);
  Call gather(std::size_t at, std::vector<GrantKey> keys, const Done<std::vector<GrantKey>>& done);

  PlaceStores stores_;
  GrantPlaces& places_;
  const GrantPlace new_ones_;
};

}  // namespace mail_oauth::claws
