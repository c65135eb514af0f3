// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/claws_store.h"

#include <map>
#include <utility>

#include "claws/grant_name.h"
#include "claws/password_block.h"
#include "ports/pending.h"

namespace mail_oauth::claws {
namespace {

constexpr char kProbe[] = "probe";

Error passphrase_missing() {
  return make_error(Error::Kind::kStorage,
                    _("The password store of Claws Mail is locked: its primary passphrase was not "
                      "given."),
                    "locked");
}

Error not_written() {
  return make_error(Error::Kind::kStorage,
                    _("Claws Mail could not write its password store. Is the disk full?"),
                    "not-written");
}

/// To disk, where what stood there before must be gone.
Result<void> written(const std::string& name, const char* value) {
  const std::string before = entry_on_disk(name);
  if (!passwd_store_set(PWS_PLUGIN, kPasswordBlock, name.c_str(), value, FALSE)) {
    return passphrase_is_there() ? not_written() : passphrase_missing();
  }
  passwd_store_write_config();
  const std::string after = entry_on_disk(name);
  // Each encryption begins with random bytes, so that even the same value differs.
  const bool done = value ? !after.empty() && after != before : after.empty();
  if (!done) return not_written();
  return {};
}

}  // namespace

class ClawsItems {
 public:
  Result<std::optional<Grant>> load(const GrantKey& key, Prompt prompt) {
    const std::string name = grant_name(key);
    auto item = items_.find(name);
    if (item == items_.end()) {
      if (!passwd_store_has_password(PWS_PLUGIN, kPasswordBlock, name.c_str())) {
        return std::optional<Grant>();
      }
      if (!may_use(prompt)) return passphrase_missing();
      const PasswordPtr text(passwd_store_get(PWS_PLUGIN, kPasswordBlock, name.c_str()));
      if (!text) return passphrase_missing();
      item = items_.emplace(name, Secret(text.get())).first;
    }
    auto grant = decode_item(key, item->second.reveal());
    if (!grant) return grant.error();
    return std::optional<Grant>(std::move(*grant));
  }

  Result<void> save(const Grant& grant, Prompt prompt) {
    if (!may_use(prompt)) return passphrase_missing();
    const std::string name = grant_name(grant.key);
    Secret item = encode_item(grant);
    auto saved = written(name, item.reveal().data());
    items_.erase(name);
    if (saved) items_.emplace(name, std::move(item));
    return saved;
  }

  Result<void> erase(const GrantKey& key) {
    const std::string name = grant_name(key);
    items_.erase(name);
    if (!passwd_store_has_password(PWS_PLUGIN, kPasswordBlock, name.c_str())) return {};
    return written(name, nullptr);
  }

  Result<void> prove(Prompt prompt) {
    if (!may_use(prompt)) return passphrase_missing();
    auto there = written(kProbe, "probe");
    if (!there) return there;
    return written(kProbe, nullptr);
  }

 private:
  static bool may_use(Prompt prompt) { return prompt == Prompt::kAllowed || passphrase_is_there(); }

  std::map<std::string, Secret> items_;
};

std::shared_ptr<ClawsItems> claws_items() { return std::make_shared<ClawsItems>(); }

ClawsTokenStore::ClawsTokenStore(std::shared_ptr<MainThread> main_thread,
                                 std::shared_ptr<ClawsItems> items, Prompt prompt)
    : main_thread_(std::move(main_thread)), items_(std::move(items)), prompt_(prompt) {}

template <class T>
Call ClawsTokenStore::on_main(Done<T> done, std::function<Result<T>(ClawsItems&)> act) {
  auto open = Pending<T>::of(std::move(done));
  main_thread_->post([open, items = items_, act = std::move(act)] { open->answer(act(*items)); });
  return Call([open] { open->cancel(); });
}

Call ClawsTokenStore::prove_writable(Done<void> done) {
  return on_main<void>(std::move(done),
                       [prompt = prompt_](ClawsItems& items) { return items.prove(prompt); });
}

Call ClawsTokenStore::load(GrantKey key, Done<std::optional<Grant>> done) {
  return on_main<std::optional<Grant>>(std::move(done),
                                       [key = std::move(key), prompt = prompt_](ClawsItems& items) {
                                         return items.load(key, prompt);
                                       });
}

Call ClawsTokenStore::save(Grant grant, Done<void> done) {
  const auto kept = std::make_shared<Grant>(std::move(grant));
  return on_main<void>(std::move(done), [kept, prompt = prompt_](ClawsItems& items) {
    return items.save(*kept, prompt);
  });
}

Call ClawsTokenStore::erase(GrantKey key, Done<void> done) {
  return on_main<void>(std::move(done),
                       [key = std::move(key)](ClawsItems& items) { return items.erase(key); });
}

Call ClawsTokenStore::list(Done<std::vector<GrantKey>> done) {
  using Keys = std::vector<GrantKey>;
  return on_main<Keys>(std::move(done), [](ClawsItems&) -> Result<Keys> {
    Keys keys;
    for (const auto& name : names_on_disk(kGrantPrefix)) {
      if (auto key = grant_of_name(name)) keys.push_back(std::move(*key));
    }
    return keys;
  });
}

Call ClawsTokenStore::load_client_secret(ClientKey, Done<std::optional<ClientSecret>> done) {
  using Found = std::optional<ClientSecret>;
  return on_main<Found>(std::move(done), [](ClawsItems&) -> Result<Found> { return Found(); });
}

Call ClawsTokenStore::save_client_secret(ClientKey, ClientSecret, Done<void> done) {
  return on_main<void>(std::move(done), [](ClawsItems&) -> Result<void> {
    return make_error(Error::Kind::kConfig, _("Client secrets are kept in the keyring."));
  });
}

}  // namespace mail_oauth::claws
