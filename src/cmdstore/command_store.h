// SPDX-License-Identifier: GPL-3.0-or-later
//
// The TokenStore of a person's own commands, for machines without a Secret Service.
//
// Each item remembers its commands (item_file.h), so that whoever finds the item can read it.
// Failures are kStorage: "command" (the words say which and why), "damaged", "file"; and kConfig
// where a new item comes and use() was not called.
// Any thread with a GMainContext; each answer comes in the context of its question. A command has
// 60 s, for a person may have to type a passphrase.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cmdstore/item_file.h"
#include "ports/token_store.h"

namespace mail_oauth {

class CommandTokenStore : public TokenStore {
 public:
  /// `folder`: holds the files; made when the first item comes.
  explicit CommandTokenStore(std::string folder) : folder_(std::move(folder)) {}

  /// What is saved from now on is saved with these, whatever kept it before.
  void use(StoreCommands commands) { chosen_ = std::move(commands); }

  /// Told before list() answers, for each file that it had to leave out.
  std::function<void(const Error&)> on_unseen;

  /// Also where nobody can look, as load() then says.
  bool has(const GrantKey& key) const;
  bool has(const ClientKey& key) const;
  /// Whether a grant of this client is kept here.
  bool serves(const ClientKey& key) const;
  /// By which the grant is kept; nothing: it is not. kStorage as ItemFolder::load().
  Result<std::optional<StoreCommands>> commands_of(const GrantKey& key) const;

  /// Writes something and reads it back, by the commands of use(). kConfig also when `write` gives
  /// back what it got: that would be tokens in clear text on the disk.
  Call prove_writable(Done<void> done) override;
  /// Commands that keep the item themselves are not run: each run may be there to stay (a commit).
  Call prove_room_for(GrantKey key, Done<void> done) override {
    return prove_place_of(std::move(key), std::move(done));
  }
  Call prove_place_of(GrantKey key, Done<void> done) override;
  /// Commands that keep the item themselves are not ended half-way.
  std::chrono::seconds write_limit(const GrantKey& key) const override;
  Call load(GrantKey key, Done<std::optional<Grant>> done) override;
  Call save(Grant grant, Done<void> done) override;
  /// Also what the commands keep themselves. Nothing to erase is no failure.
  Call erase(GrantKey key, Done<void> done) override;
  /// Of the files that can be read; on_unseen hears of the others.
  Call list(Done<std::vector<GrantKey>> done) override;
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override;
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override;

 private:
  cmdstore::ItemFolder folder_;
  std::optional<StoreCommands> chosen_;
};

}  // namespace mail_oauth
