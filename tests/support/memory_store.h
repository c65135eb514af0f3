// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TokenStore in memory, with a lock, a slowness and a memory of what was asked. One thread.
#pragma once

#include <algorithm>
#include <chrono>
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
  std::optional<Grant> given;      ///< To be saved, as last asked.
  std::chrono::seconds writes_for{0};
  std::function<void()> on_save;  ///< Runs when a grant is about to be saved.

  static Error locked() {
    return make_error(Error::Kind::kStorage, "The keyring is locked.", "locked");
  }

  void put(const Grant& grant) { items->grants[grant.key] = grant.duplicate(); }
  int count(const std::string& what) const {
    return static_cast<int>(std::count(asked.begin(), asked.end(), what));
  }

  /// What it was silent about.
  void answer_now() {
    for (const auto& question : std::exchange(held_, {})) question.answer();
  }
  /// Whether anybody still waits for an answer to that.
  bool waited_for() const {
    return std::any_of(held_.begin(), held_.end(), [](const auto& held) { return held.open(); });
  }

  Call prove_writable(Done<void> done) override {
    asked.push_back("prove");
    return later<void>(std::move(done), [this]() -> Result<void> {
      if (save_fails) return *save_fails;
      return {};
    });
  }
  /// Writes what is there, as a keyring may.
  Call prove_place_of(GrantKey, Done<void> done) override {
    asked.push_back("prove place");
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
    given = grant.duplicate();
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
  std::chrono::seconds write_limit(const GrantKey&) const override { return writes_for; }
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
    const auto run = [question, act = std::move(act)] {
      if (!*question) return;
      Result<T> result = act();
      if (const auto answer = std::exchange(*question, nullptr)) answer(std::move(result));
    };
    if (silent || asked.back() == silent_at) {
      held_.push_back({run, [question] { return *question != nullptr; }});
    } else {
      post(current_context().get(), run);
    }
    return Call([question] { *question = nullptr; });
  }

  struct Held {
    std::function<void()> answer;
    std::function<bool()> open;
  };
  std::vector<Held> held_;
};

}  // namespace mail_oauth::testing
