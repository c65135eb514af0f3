// SPDX-License-Identifier: GPL-3.0-or-later
//
// A grant to keep, and what a TokenStore says, waited for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/token_store.h"
#include "support/loop.h"

namespace mail_oauth::testing {

inline const GrantKey kAlice{{"p", "c", "t"}, "alice@example.com"};

inline Grant grant_of(const GrantKey& key, const std::string& refresh = "refresh-1") {
  Grant grant;
  grant.key = key;
  grant.refresh_token = RefreshToken(Secret(refresh));
  grant.access_token = AccessToken(Secret("access-1"));
  grant.expires_at = WallTime(std::chrono::seconds(1800000000));
  grant.scope = "mail";
  grant.token_endpoint = "https://p.example/t";
  grant.issuer = "https://p.example";
  return grant;
}

inline Result<void> save(TokenStore& store, const Grant& grant) {
  return *test::answer_of<void>(
      [&](Done<void> done) { return store.save(grant.duplicate(), done); });
}

inline Result<std::optional<Grant>> load(TokenStore& store, const GrantKey& key = kAlice) {
  return std::move(*test::answer_of<std::optional<Grant>>(
      [&](Done<std::optional<Grant>> done) { return store.load(key, done); }));
}

inline Result<void> erase(TokenStore& store, const GrantKey& key = kAlice) {
  return *test::answer_of<void>([&](Done<void> done) { return store.erase(key, done); });
}

inline Result<std::vector<GrantKey>> list(TokenStore& store) {
  return *test::answer_of<std::vector<GrantKey>>(
      [&](Done<std::vector<GrantKey>> done) { return store.list(done); });
}

inline Result<void> prove(TokenStore& store) {
  return *test::answer_of<void>([&](Done<void> done) { return store.prove_writable(done); });
}

inline Result<void> save_secret(TokenStore& store, const ClientKey& key,
                                const std::string& secret) {
  return *test::answer_of<void>([&](Done<void> done) {
    return store.save_client_secret(key, ClientSecret(Secret(secret)), done);
  });
}

inline Result<std::optional<ClientSecret>> load_secret(TokenStore& store, const ClientKey& key) {
  return std::move(*test::answer_of<std::optional<ClientSecret>>(
      [&](Done<std::optional<ClientSecret>> done) { return store.load_client_secret(key, done); }));
}

}  // namespace mail_oauth::testing
