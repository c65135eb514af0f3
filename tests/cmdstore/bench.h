// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands that stand for gpg (a filter) and pass (a keeper), and a grant to keep.
#pragma once

#include <sys/stat.h>

#include <string>

#include "cmdstore/command_store.h"
#include "support/loop.h"
#include "support/temp_folder.h"

namespace mail_oauth::cmdstore_test {

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

/// Base64 is no encryption; a test sees what was done.
inline StoreCommands filters() {
  return {{"/usr/bin/base64", "-d"}, {"/usr/bin/base64", "-w0"}, {}};
}

/// `folder`/{name} is the item.
inline StoreCommands keepers(const std::string& folder) {
  const std::string file = folder + "/{name}";
  return {{"/bin/cat", file},
          {"/bin/sh", "-c", "cat >\"$1\"; echo kept", "sh", file},
          {"/bin/rm", file}};
}

inline StoreCommands failing(const std::string& words = "no key") {
  const CommandWords fail = {"/bin/sh", "-c", "echo " + words + " >&2; exit 2"};
  return {fail, fail, {}};
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

inline int mode_of(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? static_cast<int>(found.st_mode & 07777) : -1;
}

inline int files_in(const std::string& folder) {
  int count = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    (void)entry;
    ++count;
  }
  return count;
}

}  // namespace mail_oauth::cmdstore_test
