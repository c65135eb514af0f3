// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/routed_store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/i18n.h"
#include "ports/steps.h"

namespace mail_oauth {

namespace {

using Keys = std::vector<GrantKey>;

/// There is no keyring in which anything could be.
bool absent(const Error& error) {
  return error.code == "no-bus" || error.code == "no-service" || error.code == "no-collection";
}

Error with_way_out(Error error) {
  if (!absent(error)) return error;
  error.what += " ";
  error.what +=
      _("Without a keyring, commands such as gpg can keep the sign-in: mail-oauth login "
        "--store command; see \"Without a keyring\" in the manual.");
  return error;
}

/// Best effort: the place to which it moved wins in any case.
Call erase_if_there(TokenStore& store, const GrantKey& key, const Done<void>& done) {
  const Done<void> either_way = [done](const Result<void>&) { done({}); };
  const auto erase = [&store, key, either_way] { return store.erase(key, either_way); };
  return in_steps([&store, key, erase, done](const NextStep& next) {
    return store.list([key, erase, next, done](const Result<Keys>& keys) {
      const bool there = keys && std::find(keys->begin(), keys->end(), key) != keys->end();
      if (!there) return done({});
      next(erase);
    });
  });
}

template <class T>
Done<T> naming_way_out(Done<T> done) {
  return [done = std::move(done)](Result<T> result) {
    if (!result) return done(with_way_out(result.error()));
    done(std::move(result));
  };
}

}  // namespace

TokenStore& RoutedTokenStore::store_of(const GrantKey& key) {
  return commands_.has(key) ? static_cast<TokenStore&>(commands_) : keyring_;
}

bool RoutedTokenStore::to_commands(bool has) const {
  return chosen_ ? *chosen_ == StoreKind::kCommands : has;
}

Call RoutedTokenStore::prove_writable(Done<void> done) {
  if (to_commands(false)) return commands_.prove_writable(std::move(done));
  return keyring_.prove_writable(naming_way_out<void>(std::move(done)));
}

Call RoutedTokenStore::prove_place_of(GrantKey key, Done<void> done) {
  TokenStore& store = store_of(key);
  return store.prove_place_of(std::move(key), naming_way_out<void>(std::move(done)));
}

Call RoutedTokenStore::load(GrantKey key, Done<std::optional<Grant>> done) {
  TokenStore& store = store_of(key);
  return store.load(std::move(key), naming_way_out<std::optional<Grant>>(std::move(done)));
}

Call RoutedTokenStore::save(Grant grant, Done<void> done) {
  const GrantKey key = grant.key;
  const bool to = by_commands(key);
  TokenStore& store = to ? static_cast<TokenStore&>(commands_) : keyring_;
  if (!chosen_) return store.save(std::move(grant), naming_way_out<void>(std::move(done)));
  const auto kept = std::make_shared<Grant>(std::move(grant));
  const auto leave = [this, key, to, done]() -> Call {
    return to ? erase_if_there(keyring_, key, done) : commands_.erase(key, done);
  };
  return in_steps([&store, kept, leave, done](const NextStep& next) {
    return store.save(std::move(*kept), [next, leave, done](const Result<void>& saved) {
      if (!saved) return done(with_way_out(saved.error()));
      next(leave);
    });
  });
}

Call RoutedTokenStore::erase(GrantKey key, Done<void> done) {
  TokenStore& store = store_of(key);
  return store.erase(std::move(key), naming_way_out<void>(std::move(done)));
}

Call RoutedTokenStore::list(Done<Keys> done) {
  return in_steps([this, done](const NextStep& next) {
    return commands_.list([this, next, done](Result<Keys> kept) {
      if (!kept) return done(kept.error());
      next([this, kept = *kept, done] { return list_keyring(kept, done); });
    });
  });
}

Call RoutedTokenStore::list_keyring(const Keys& kept, const Done<Keys>& done) {
  return keyring_.list([this, kept, done](Result<Keys> keys) {
    if (!keys && kept.empty()) return done(with_way_out(keys.error()));
    if (!keys && !absent(keys.error()) && on_unseen) on_unseen(keys.error());
    Keys all = kept;
    if (keys) all.insert(all.end(), keys->begin(), keys->end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    done(std::move(all));
  });
}

Call RoutedTokenStore::load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) {
  using Found = std::optional<ClientSecret>;
  if (commands_.has(key)) return commands_.load_client_secret(std::move(key), std::move(done));
  const bool without = to_commands(commands_.serves(key));
  return keyring_.load_client_secret(std::move(key), [without, done](Result<Found> found) {
    if (!found && without && absent(found.error())) return done(Found());
    if (!found) return done(with_way_out(found.error()));
    done(std::move(found));
  });
}

Call RoutedTokenStore::save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) {
  if (to_commands(commands_.has(key))) {
    return commands_.save_client_secret(std::move(key), std::move(secret), std::move(done));
  }
  if (!commands_.has(key)) {
    return keyring_.save_client_secret(std::move(key), std::move(secret),
                                       naming_way_out<void>(std::move(done)));
  }
  const auto kept = std::make_shared<ClientSecret>(std::move(secret));
  return in_steps([this, key = std::move(key), kept, done](const NextStep& next) {
    return keyring_.save_client_secret(
        key, std::move(*kept), [this, key, next, done](Result<void> saved) {
          if (!saved) return done(with_way_out(saved.error()));
          next([this, key, done] { return commands_.save_client_secret(key, {}, done); });
        });
  });
}

}  // namespace mail_oauth
