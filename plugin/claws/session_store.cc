// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/session_store.h"

#include "base/i18n.h"
#include "ports/pending.h"

namespace mail_oauth::claws {
namespace {

template <class T>
Call answered(Done<T> done, Result<T> result) {
  auto open = Pending<T>::of(std::move(done));
  open->answer(std::move(result));
  return Call([open] { open->cancel(); });
}

}  // namespace

Call SessionTokenStore::prove_writable(Done<void> done) {
  return answered<void>(std::move(done), {});
}

Call SessionTokenStore::load(GrantKey key, Done<std::optional<Grant>> done) {
  std::optional<Grant> found;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto there = grants_.find(key);
    if (there != grants_.end()) found = there->second.duplicate();
  }
  return answered<std::optional<Grant>>(std::move(done), std::move(found));
}

Call SessionTokenStore::save(Grant grant, Done<void> done) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const GrantKey key = grant.key;
    grants_[key] = std::move(grant);
  }
  return answered<void>(std::move(done), {});
}

Call SessionTokenStore::erase(GrantKey key, Done<void> done) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    grants_.erase(key);
  }
  return answered<void>(std::move(done), {});
}

Call SessionTokenStore::list(Done<std::vector<GrantKey>> done) {
  std::vector<GrantKey> keys;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& entry : grants_) keys.push_back(entry.first);
  }
  return answered<std::vector<GrantKey>>(std::move(done), std::move(keys));
}

Call SessionTokenStore::load_client_secret(ClientKey, Done<std::optional<ClientSecret>> done) {
  return answered<std::optional<ClientSecret>>(std::move(done), std::optional<ClientSecret>());
}

Call SessionTokenStore::save_client_secret(ClientKey, ClientSecret, Done<void> done) {
  return answered<void>(std::move(done), make_error(Error::Kind::kConfig,
                                                    _("Client secrets are kept in the keyring.")));
}

}  // namespace mail_oauth::claws
