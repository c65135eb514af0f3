// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TokenStore in memory, with a lock, a slowness and a memory of what was asked. One thread.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/source.h"
#include "ports/token_store.h"

namespace mail_oauth::testing {

class MemoryStore : public TokenStore {
 public:
  /// Several stores over one set of items, as processes have.
  struct Items {
    std::map<GrantKey, Grant> grants;
    std::map<ClientKey, ClientSecret> secrets;
  };

  explicit MemoryStore(std::shared_ptr<Items> shared = std::make_shared<Items>())
      : items(std::move(shared)) {}

  std::shared_ptr<Items> items;
  std::optional<Error> load_fails;
  std::optional<Error> save_fails;
  bool silent = false;             ///< Never answers.
  std::string silent_at;           ///< Nor to this of `asked`.
  std::vector<std::string> asked;  ///< "load", "save", "erase", ...
  std::function<void()> on_save;   ///< Runs when a grant is about to be saved.

  static Error locked() {
    return make_error(Error::Kind::kStorage, "The keyring is locked.", "locked");
  }

  void put(const Grant& grant) { items->grants[grant.key] = grant.duplicate(); }
  int count(const std::string& what) const {
    return static_cast<int>(std::count(asked.begin(), asked.end(), what));
  }

  Call prove_writable(Done<void> done) override {
    asked.push_back("prove");
    return later<void>(std::move(done), [this]() -> Result<void> {
      if (save_fails) return *save_fails;
      return {};
    });
  }
  Call load(GrantKey key, Done<std::optional<Grant>> done) override {
    asked.push_back("load");
    return later<std::optional<Grant>>(std::move(done),
                                       [this, key]() -> Result<std::optional<Grant>> {
                                         if (load_fails) return *load_fails;
                                         const auto found = items->grants.find(key);
                                         if (found == items->grants.end())
                                           return std::optional<Grant>();
                                         return std::optional<Grant>(found->second.duplicate());
                                       });
  }
  Call save(Grant grant, Done<void> done) override {
    asked.push_back("save");
    auto kept = std::make_shared<Grant>(std::move(grant));
    return later<void>(std::move(done), [this, kept]() -> Result<void> {
      if (on_save) on_save();
      if (save_fails) return *save_fails;
      put(*kept);
      return {};
    });
  }
  Call erase(GrantKey key, Done<void> done) override {
    asked.push_back("erase");
    return later<void>(std::move(done), [this, key]() -> Result<void> {
      if (save_fails) return *save_fails;
      items->grants.erase(key);
      return {};
    });
  }
  Call list(Done<std::vector<GrantKey>> done) override {
    asked.push_back("list");
    return later<std::vector<GrantKey>>(std::move(done), [this]() -> Result<std::vector<GrantKey>> {
      std::vector<GrantKey> keys;
      for (const auto& item : items->grants) keys.push_back(item.first);
      return keys;
    });
  }
  Call load_client_secret(ClientKey key, Done<std::optional<ClientSecret>> done) override {
    asked.push_back("load secret");
    return later<std::optional<ClientSecret>>(
        std::move(done), [this, key]() -> Result<std::optional<ClientSecret>> {
          if (load_fails) return *load_fails;
          const auto found = items->secrets.find(key);
          if (found == items->secrets.end()) return std::optional<ClientSecret>();
          return std::optional<ClientSecret>(found->second.duplicate());
        });
  }
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) override {
    asked.push_back("save secret");
    auto kept = std::make_shared<ClientSecret>(std::move(secret));
    return later<void>(std::move(done), [this, key, kept]() -> Result<void> {
      if (save_fails) return *save_fails;
      if (kept->empty()) {
        items->secrets.erase(key);
      } else {
        items->secrets[key] = kept->duplicate();
      }
      return {};
    });
  }

 private:
  template <class T>
  Call later(Done<T> done, std::function<Result<T>()> act) {
    auto question = std::make_shared<Done<T>>(std::move(done));
    if (!silent && asked.back() != silent_at) {
      post(current_context().get(), [question, act = std::move(act)] {
        if (!*question) return;
        Result<T> result = act();
        if (const auto answer = std::exchange(*question, nullptr)) answer(std::move(result));
      });
    }
    return Call([question] { *question = nullptr; });
  }
};

}  // namespace mail_oauth::testing
