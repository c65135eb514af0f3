// SPDX-License-Identifier: GPL-3.0-or-later
//
// One TokenStore over two: the keyring, and commands. The store belongs to the grant: what is kept
// by commands is looked for there, everything else in the keyring; nothing changes its place unless
// choose() says so.
//
// Where the keyring is simply not there, the error says that commands could do, and what commands
// keep is served all the same. Answers and threads as those of the two, which it borrows.
#pragma once

#include <functional>
#include <optional>

#include "cmdstore/command_store.h"
#include "ports/token_store.h"

namespace mail_oauth {

enum class StoreKind { kKeyring, kCommands };

class RoutedTokenStore : public TokenStore {
 public:
  RoutedTokenStore(TokenStore& keyring, CommandTokenStore& commands)
      : keyring_(keyring), commands_(commands) {}

  /// Where everything is saved from now on. What is saved there leaves the other one.
  void choose(StoreKind kind) { chosen_ = kind; }

  /// Whether commands keep this grant, or are going to.
  bool by_commands(const GrantKey& key) const { return to_commands(commands_.has(key)); }

  /// Told before list() answers what it had to leave out: files that cannot be read, and what a
  /// keyring holds that is locked or has no collection open. So also by erase(), of such a keyring.
  std::function<void(const Error&)> on_unseen;

  /// Of the chosen one; else of the keyring.
  Call prove_writable(Done<void> done) override;
  Call prove_room_for(GrantKey key, Done<void> done) override;
  Call prove_place_of(GrantKey key, Done<void> done) override;
  /// Of both where commands are in it: what is saved or erased there leaves the keyring, too.
  std::chrono::seconds write_limit(const GrantKey& key) const override;
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  Call save(Grant grant, Done<void> done) override;
  /// From both: an older one in the keyring would be found there again, so it goes first. Fails
  /// with the first that refuses.
  Call erase(GrantKey key, Done<void> done) override;
  /// Of both. Where commands keep nothing that can be read, fails with the keyring, or with the
  /// file that cannot be.
  Call list(Done<std::vector<GrantKey>> done) override;
  Call list_of(std::string identity, Done<std::vector<GrantKey>> done) override;
  /// Where the client's grants are kept by commands and there is no keyring: nothing.
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  TokenStore& store_of(const GrantKey& key);
  bool to_commands(bool has) const;
  using Keys = std::vector<GrantKey>;
  using ListKeyring = std::function<Call(Done<Keys>)>;
  Call list_both(const ListKeyring& ask, Done<Keys> done);
  void merge(const Keys& kept, Result<Keys> keys, const Done<Keys>& done);

  TokenStore& keyring_;
  CommandTokenStore& commands_;
  std::optional<StoreKind> chosen_;
  std::vector<Error> unread_;  ///< By the list() that is under way.
};

}  // namespace mail_oauth
