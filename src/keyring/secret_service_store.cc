// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyring/secret_service_store.h"

#include <algorithm>
#include <utility>

#include "base/i18n.h"
#include "keyring/item_attributes.h"
#include "keyring/keyring_call.h"
#include "keyring/keyring_error.h"

namespace mail_oauth {
namespace {

using keyring::Items;
using keyring::KeyringCall;

/// Opens the service for `body`, which gets the call and the callback for its answer.
template <class T>
Call start(const keyring::Manner& manner, Done<T> done,
           std::function<void(KeyringCall& call, const Done<T>& done)> body,
           SecretServiceFlags flags = SECRET_SERVICE_OPEN_SESSION) {
  auto call = std::make_shared<KeyringCall>(manner.prompt == Prompt::kAllowed, manner.kept,
                                            [done](Error error) { done(std::move(error)); });
  call->open([raw = call.get(), done, body = std::move(body)] { body(*raw, done); }, flags);
  return Call([call] { call->cancel(); });
}

std::function<void()> succeeded(const Done<void>& done) {
  return [done] { done({}); };
}

/// What is stored under another name than its own would be found for two people.
GrantKey lower(GrantKey key) { return grant_key(std::move(key.client), std::move(key.identity)); }

}  // namespace

SecretServiceTokenStore::SecretServiceTokenStore(Prompt prompt, Opening opening)
    : manner_{prompt,
              opening == Opening::kMayShare ? std::make_shared<keyring::KeptService>() : nullptr} {}

Call SecretServiceTokenStore::prove_writable(Done<void> done) {
  const GCharPtr uuid(g_uuid_string_random());
  return start<void>(
      manner_, std::move(done),
      [name = std::string(uuid.get())](KeyringCall& call, const Done<void>& answer) {
        call.store(
            keyring::attributes_of_probe(name), "mail-oauth", Secret("{}"), [&call, name, answer] {
              call.find(keyring::attributes_of_probe(name), [&call, answer](Items items) {
                if (!items.empty()) return call.erase(std::move(items), succeeded(answer));
                answer(make_error(Error::Kind::kStorage,
                                  _("The keyring did not keep what was stored in it."), "keyring"));
              });
            });
      });
}

Call SecretServiceTokenStore::load(GrantKey key, Done<std::optional<Grant>> done) {
  using Found = std::optional<Grant>;
  return start<Found>(manner_, std::move(done),
                      [key = lower(std::move(key))](KeyringCall& call, const Done<Found>& answer) {
                        call.find_secret(keyring::attributes_of(key),
                                         [key, answer](const std::optional<Secret>& item) {
                                           if (!item) return answer(Found());
                                           auto grant = decode_item(key, item->reveal());
                                           if (!grant) return answer(grant.error());
                                           answer(Found(std::move(*grant)));
                                         });
                      });
}

Call SecretServiceTokenStore::save(Grant grant, Done<void> done) {
  const auto item = std::make_shared<Secret>(encode_item(grant));
  return start<void>(manner_, std::move(done),
                     [key = lower(grant.key), item](KeyringCall& call, const Done<void>& answer) {
                       call.store(keyring::attributes_of(key), keyring::label_of(key), *item,
                                  succeeded(answer));
                     });
}

Call SecretServiceTokenStore::erase(GrantKey key, Done<void> done) {
  return start<void>(manner_, std::move(done),
                     [key = lower(std::move(key))](KeyringCall& call, const Done<void>& answer) {
                       call.find(keyring::attributes_of(key), [&call, answer](Items items) {
                         call.erase(std::move(items), succeeded(answer));
                       });
                     });
}

Call SecretServiceTokenStore::list(Done<std::vector<GrantKey>> done) {
  using Keys = std::vector<GrantKey>;
  const auto keys_of = [](const Items& items) -> Result<Keys> {
    Keys keys;
    for (const auto& item : items) {
      const keyring::AttributesPtr attributes(secret_item_get_attributes(item.get()));
      auto key = keyring::key_of(attributes.get());
      // gnome-keyring knows only hashes of the names until it was unlocked once.
      if (!key && secret_item_get_locked(item.get())) return keyring::locked();
      if (key) keys.push_back(std::move(*key));
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  };
  return start<Keys>(
      manner_, std::move(done),
      [keys_of](KeyringCall& call, const Done<Keys>& answer) {
        call.find_names(keyring::attributes_of_all_grants(),
                        [keys_of, answer](const Items& items) { answer(keys_of(items)); });
      },
      SECRET_SERVICE_NONE);
}

Call SecretServiceTokenStore::load_client_secret(ClientKey key,
                                                 Done<std::optional<ClientSecret>> done) {
  using Found = std::optional<ClientSecret>;
  return start<Found>(manner_, std::move(done),
                      [key = std::move(key)](KeyringCall& call, const Done<Found>& answer) {
                        call.find_secret(keyring::attributes_of(key),
                                         [answer](std::optional<Secret> secret) {
                                           if (!secret) return answer(Found());
                                           answer(Found(ClientSecret(*std::move(secret))));
                                         });
                      });
}

Call SecretServiceTokenStore::save_client_secret(ClientKey key, ClientSecret secret,
                                                 Done<void> done) {
  const auto kept = std::make_shared<Secret>(secret.reveal());
  return start<void>(manner_, std::move(done),
                     [key = std::move(key), kept](KeyringCall& call, const Done<void>& answer) {
                       if (!kept->empty()) {
                         return call.store(keyring::attributes_of(key), keyring::label_of(key),
                                           *kept, succeeded(answer));
                       }
                       call.find(keyring::attributes_of(key), [&call, answer](Items items) {
                         call.erase(std::move(items), succeeded(answer));
                       });
                     });
}

}  // namespace mail_oauth
