// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmdstore/routed_store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/i18n.h"
#include "oauth/grant_filter.h"
#include "ports/steps.h"

namespace mail_oauth {

namespace {

using Keys = std::vector<GrantKey>;

bool no_keyring(const Error& error) { return error.code == "no-bus" || error.code == "no-service"; }

/// Nothing can be stored there. What was stored may be in a collection that is not open now.
bool absent(const Error& error) { return no_keyring(error) || error.code == "no-collection"; }

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

Call RoutedTokenStore::prove_room_for(GrantKey key, Done<void> done) {
  TokenStore& store = by_commands(key) ? static_cast<TokenStore&>(commands_) : keyring_;
  return store.prove_room_for(std::move(key), naming_way_out<void>(std::move(done)));
}

Call RoutedTokenStore::prove_place_of(GrantKey key, Done<void> done) {
  TokenStore& store = store_of(key);
  return store.prove_place_of(std::move(key), naming_way_out<void>(std::move(done)));
}

std::chrono::seconds RoutedTokenStore::write_limit(const GrantKey& key) const {
  const bool both = by_commands(key) || commands_.has(key);
  return keyring_.write_limit(key) + (both ? commands_.write_limit(key) : std::chrono::seconds(0));
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
  if (!commands_.has(key)) return keyring_.erase(std::move(key), naming_way_out<void>(done));
  return in_steps([this, key = std::move(key), done](const NextStep& next) {
    const auto commands = [this, key, done] { return commands_.erase(key, done); };
    return keyring_.list_of(key.identity, [this, key, commands, next, done](Result<Keys> keys) {
      if (!keys && !no_keyring(keys.error()) && on_unseen) on_unseen(keys.error());
      const bool older = keys && std::find(keys->begin(), keys->end(), key) != keys->end();
      if (!older) return next(commands);
      next([this, key, commands, next, done] {
        return keyring_.erase(key, [commands, next, done](const Result<void>& erased) {
          if (!erased) return done(with_way_out(erased.error()));
          next(commands);
        });
      });
    });
  });
}

Call RoutedTokenStore::list(Done<Keys> done) {
  return list_both([this](Done<Keys> answer) { return keyring_.list(std::move(answer)); },
                   std::move(done));
}

Call RoutedTokenStore::list_of(std::string identity, Done<Keys> done) {
  const auto fitting_only = [identity, done](const Result<Keys>& all) {
    if (!all) return done(all.error());
    done(fitting(*all, {identity, "", "", ""}));
  };
  return list_both(
      [this, identity](Done<Keys> answer) { return keyring_.list_of(identity, std::move(answer)); },
      fitting_only);
}

Call RoutedTokenStore::list_both(const ListKeyring& ask, Done<Keys> done) {
  unread_.clear();
  commands_.on_unseen = [this](const Error& error) { unread_.push_back(error); };
  return in_steps([this, ask, done = std::move(done)](const NextStep& next) {
    return commands_.list([this, ask, next, done](Result<Keys> kept) {
      if (!kept) return done(kept.error());
      next([this, ask, kept = *kept, done] {
        return ask([this, kept, done](Result<Keys> keys) { merge(kept, std::move(keys), done); });
      });
    });
  });
}

void RoutedTokenStore::merge(const Keys& kept, Result<Keys> keys, const Done<Keys>& done) {
  if (!keys && kept.empty()) {
    return done(unread_.empty() ? with_way_out(keys.error()) : unread_.front());
  }
  if (!keys && !no_keyring(keys.error())) unread_.push_back(keys.error());
  for (const Error& error : std::exchange(unread_, {})) {
    if (on_unseen) on_unseen(error);
  }
  Keys all = kept;
  if (keys) all.insert(all.end(), keys->begin(), keys->end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  done(std::move(all));
}

Call RoutedTokenStore::load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) {
  using FoundSecret = std::optional<ClientSecret>;
  if (commands_.has(key)) return commands_.load_client_secret(std::move(key), std::move(done));
  const bool without = to_commands(commands_.serves(key));
  return keyring_.load_client_secret(std::move(key), [without, done](Result<FoundSecret> found) {
    if (!found && without && absent(found.error())) return done(FoundSecret());
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
