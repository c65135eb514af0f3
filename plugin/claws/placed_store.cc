// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/placed_store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "ports/steps.h"

namespace mail_oauth::claws {
namespace {

using Keys = std::vector<GrantKey>;

constexpr std::array<GrantPlace, 3> kPlaces = {GrantPlace::kKeyring, GrantPlace::kSession,
                                               GrantPlace::kClaws};

/// There is no keyring in which anything could be.
bool absent(const Error& error) {
  return error.code == "no-bus" || error.code == "no-service" || error.code == "no-collection";
}

/// Names need no unlocking, so that a locked keyring without this grant is no trouble.
Call erase_if_there(TokenStore& store, const GrantKey& key, const Done<void>& done) {
  return in_steps([&store, key, done](const NextStep& next) {
    return store.list([&store, key, next, done](const Result<Keys>& keys) {
      if (!keys) return done(absent(keys.error()) ? Result<void>() : Result<void>(keys.error()));
      if (std::find(keys->begin(), keys->end(), key) == keys->end()) return done({});
      next([&store, key, done] { return store.erase(key, done); });
    });
  });
}

}  // namespace

TokenStore& PlaceStores::at(GrantPlace place) const {
  if (place == GrantPlace::kKeyring) return keyring;
  return place == GrantPlace::kClaws ? claws : session;
}

PlacedTokenStore::Order PlacedTokenStore::order_for(const GrantKey& key) const {
  Order order = kPlaces;
  const auto seen = places_.seen(key);
  const GrantPlace first = places_.chosen(key).value_or(seen.value_or(GrantPlace::kKeyring));
  std::stable_partition(order.begin(), order.end(),
                        [first](GrantPlace place) { return place == first; });
  return order;
}

Call PlacedTokenStore::prove_writable(Done<void> done) {
  return stores_.at(new_ones_).prove_writable(std::move(done));
}

Call PlacedTokenStore::prove_room_for(GrantKey key, Done<void> done) {
  TokenStore& store = stores_.at(order_for(key).front());
  return store.prove_room_for(std::move(key), std::move(done));
}

Call PlacedTokenStore::load(GrantKey key, Done<std::optional<Grant>> done) {
  const Order order = order_for(key);
  return look({std::move(key), order, 0, std::nullopt}, done);
}

Call PlacedTokenStore::look(const Walk& walk, const Done<std::optional<Grant>>& done) {
  const GrantPlace place = walk.order[walk.at];
  return in_steps([this, walk, place, done](const NextStep& next) {
    return stores_.at(place).load(walk.key, [this, walk, place, next, done](Found found) {
      if (found && *found) {
        places_.see(walk.key, place);
        return done(std::move(found));
      }
      if (!found && !absent(found.error())) return done(std::move(found));
      Walk on = walk;
      if (!found && walk.at == 0) on.absent = found.error();
      if (++on.at < on.order.size()) return next([this, on, done] { return look(on, done); });
      done(on.absent ? Found(*on.absent) : Found(std::optional<Grant>()));
    });
  });
}

Call PlacedTokenStore::save(Grant grant, Done<void> done) {
  const Walk others{grant.key, order_for(grant.key), 1, std::nullopt};
  const GrantPlace to = others.order.front();
  const auto kept = std::make_shared<Grant>(std::move(grant));
  return in_steps([this, others, to, kept, done](const NextStep& next) {
    return stores_.at(to).save(
        std::move(*kept), [this, others, to, next, done](Result<void> saved) {
          if (!saved || places_.seen(others.key) == to) return done(std::move(saved));
          // What cannot be erased in another place is never found before this one.
          const Done<void> left = [this, others, to, done](const Result<void>&) {
            places_.see(others.key, to);
            done({});
          };
          next([this, others, left] { return leave(others, left); });
        });
  });
}

Call PlacedTokenStore::leave(const Walk& walk, const Done<void>& done) {
  TokenStore& store = stores_.at(walk.order[walk.at]);
  return in_steps([this, walk, &store, done](const NextStep& next) {
    return erase_if_there(store, walk.key, [this, walk, next, done](Result<void> erased) {
      Walk on = walk;
      if (!erased || ++on.at == on.order.size()) return done(std::move(erased));
      next([this, on, done] { return leave(on, done); });
    });
  });
}

Call PlacedTokenStore::erase(GrantKey key, Done<void> done) {
  const Order order = order_for(key);
  return leave({std::move(key), order, 0, std::nullopt}, done);
}

Call PlacedTokenStore::list(Done<Keys> done) { return gather(kPlaces.size(), {}, done); }

/// Backwards: the keyring is the last to be asked, and knows whether the others had something.
Call PlacedTokenStore::gather(std::size_t at, Keys keys, const Done<Keys>& done) {
  TokenStore& store = stores_.at(kPlaces[at - 1]);
  return in_steps([this, at, keys = std::move(keys), &store, done](const NextStep& next) {
    return store.list([this, at, keys, next, done](Result<Keys> there) {
      if (!there && keys.empty()) return done(std::move(there));
      Keys all = keys;
      if (there) all.insert(all.end(), there->begin(), there->end());
      if (at > 1) return next([this, at, all, done] { return gather(at - 1, all, done); });
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
      done(std::move(all));
    });
  });
}

Call PlacedTokenStore::load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) {
  using Secret = std::optional<ClientSecret>;
  const bool without = places_.away_from_keyring(key) || new_ones_ != GrantPlace::kKeyring;
  return stores_.keyring.load_client_secret(std::move(key), [without, done](Result<Secret> found) {
    if (!found && without && absent(found.error())) return done(Secret());
    done(std::move(found));
  });
}

Call PlacedTokenStore::save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) {
  return stores_.keyring.save_client_secret(std::move(key), std::move(secret), std::move(done));
}

}  // namespace mail_oauth::claws
