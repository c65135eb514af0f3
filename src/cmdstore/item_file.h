// SPDX-License-Identifier: GPL-3.0-or-later
//
// One file for each kept item: whose it is, by which commands it is read, and, for filters, what
// `write` made of it. `$XDG_STATE_HOME/mail-oauth/grants/<hex SHA-256 of kind and names>.json`,
// 0600 in a folder 0700, replaced in one step.
//
// It names commands that we run: a file or folder that others could have written is refused.
// Blocks (local files); any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cmdstore/store_commands.h"
#include "oauth/grant.h"

namespace mail_oauth::cmdstore {

struct Item {
  ClientKey client;
  std::string identity;  ///< Empty: the secret of the client itself.
  StoreCommands commands;
  std::string kept;  ///< As `write` made it; empty where the commands keep it themselves.
};

/// `$XDG_STATE_HOME/mail-oauth`, else `~/.local/state/mail-oauth`. kStorage: no home either.
Result<std::string> state_folder();

/// The item's name, fit for a file: 64 hex digits. kConfig: not text (oauth/key_text.h).
Result<std::string> item_name(const ClientKey& client, const std::string& identity);

struct AllItems {
  std::vector<Item> items;
  std::vector<Error> unreadable;  ///< As of load(); each names its file.
};

class ItemFolder {
 public:
  explicit ItemFolder(std::string path) : path_(std::move(path)) {}

  std::string file(const std::string& name) const { return path_ + "/" + name + ".json"; }
  /// Also where nobody can look; load() says why.
  bool has(const std::string& name) const;

  /// Nothing: there is none. kStorage, naming the file: it cannot be read, or others could have
  /// written it; "damaged": it is none of ours.
  Result<std::optional<Item>> load(const std::string& name) const;
  /// kStorage, naming the file: disk full, no permission, or the folder is open to others.
  Result<void> save(const std::string& name, const Item& item) const;
  /// Writes a file as large as an item may be, and deletes it. kStorage as save().
  Result<void> prove_writable() const;
  /// kStorage. No file is no failure.
  Result<void> erase(const std::string& name) const;
  /// Of all files. One that cannot be read leaves the others alone. kStorage: the folder cannot be
  /// looked into, or is open to others.
  Result<AllItems> all() const;

 private:
  Result<void> check_folder() const;

  std::string path_;
};

}  // namespace mail_oauth::cmdstore
