// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyring/secret_service_store.h"

#include <algorithm>
#include <utility>

#include "base/i18n.h"
#include "keyring/item_attributes.h"
#include "keyring/keyring_call.h"
#include "keyring/keyring_error.h"
#include "oauth/key_text.h"
#include "ports/pending.h"

namespace mail_oauth {
namespace {

using keyring::Items;
using Keys = std::vector<GrantKey>;
using keyring::KeyringCall;

template <class T>
using Body = std::function<void(KeyringCall& call, const Done<T>& done)>;

/// Opens the service for `body`, which gets the call and the callback for its answer; `fit`: the
/// names can be looked for at all.
template <class T>
Call start(const keyring::Manner& manner, const Result<void>& fit, Done<T> done, Body<T> body,
           SecretServiceFlags flags = SECRET_SERVICE_OPEN_SESSION) {
  const auto pending = Pending<T>::of(std::move(done));
  if (!fit) {
    pending->answer(fit.error());
    return Call([pending] { pending->cancel(); });
  }
  auto call = std::make_shared<KeyringCall>(
      manner, [pending](Error error) { pending->answer(std::move(error)); });
  const Done<T> answer = [pending](Result<T> result) { pending->answer(std::move(result)); };
  call->open([raw = call.get(), answer, body = std::move(body)] { body(*raw, answer); }, flags);
  return Call([call, pending] {
    pending->cancel();
    call->cancel();
  });
}

std::function<void()> succeeded(const Done<void>& done) {
  return [done] { done({}); };
}

/// What is stored under another name than its own would be found for two people.
GrantKey lower(GrantKey key) { return grant_key(std::move(key.client), std::move(key.identity)); }

/// Whether a new item can be stored, and deleted. What a proof that was cut short left behind goes,
/// too.
void prove_with_probe(KeyringCall& call, const Done<void>& answer) {
  const GCharPtr uuid(g_uuid_string_random());
  const std::string name = uuid.get();
  call.store(keyring::attributes_of_probe(name), "mail-oauth", Secret("{}"), [&call, name, answer] {
    call.find_unlocked(keyring::attributes_of_all_probes(), [&call, name, answer](Items items) {
      keyring::keep_own_and_old(items, name);
      if (!items.empty()) return call.erase(std::move(items), succeeded(answer));
      answer(make_error(Error::Kind::kStorage, _("The keyring did not keep what was stored in it."),
                        "keyring"));
    });
  });
}

/// Whom the items name.
Result<Keys> keys_of(const Items& items) {
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
}

Call list_named(const keyring::Manner& manner, const Result<void>& fit,
                const std::shared_ptr<GHashTable>& attributes, Done<Keys> done) {
  return start<Keys>(
      manner, fit, std::move(done),
      [attributes](KeyringCall& call, const Done<Keys>& answer) {
        call.find_names(keyring::AttributesPtr(g_hash_table_ref(attributes.get())),
                        [answer](const Items& items) { answer(keys_of(items)); });
      },
      SECRET_SERVICE_NONE);
}

}  // namespace

SecretServiceTokenStore::SecretServiceTokenStore(Prompt prompt, Opening opening, Patience patience)
    : manner_{prompt,
              opening == Opening::kMayShare ? std::make_shared<keyring::KeptService>() : nullptr,
              std::move(patience)} {}

Call SecretServiceTokenStore::prove_writable(Done<void> done) {
  return start<void>(manner_, {}, std::move(done), prove_with_probe);
}

Call SecretServiceTokenStore::prove_place_of(GrantKey key, Done<void> done) {
  const auto fit = check_text(key);
  return start<void>(manner_, fit, std::move(done),
                     [key = lower(std::move(key))](KeyringCall& call, const Done<void>& answer) {
                       call.rewrite(keyring::attributes_of(key), succeeded(answer),
                                    [&call, answer] { prove_with_probe(call, answer); });
                     });
}

Call SecretServiceTokenStore::load(GrantKey key, Done<std::optional<Grant>> done) {
  using Found = std::optional<Grant>;
  const auto fit = check_text(key);
  return start<Found>(manner_, fit, std::move(done),
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
  const auto fit = check_text(grant.key);
  return start<void>(manner_, fit, std::move(done),
                     [key = lower(grant.key), item](KeyringCall& call, const Done<void>& answer) {
                       call.store(keyring::attributes_of(key), keyring::label_of(key),
                                  std::move(*item), succeeded(answer));
                     });
}

Call SecretServiceTokenStore::erase(GrantKey key, Done<void> done) {
  const auto fit = check_text(key);
  return start<void>(manner_, fit, std::move(done),
                     [key = lower(std::move(key))](KeyringCall& call, const Done<void>& answer) {
                       call.find(keyring::attributes_of(key), [&call, answer](Items items) {
                         call.erase(std::move(items), succeeded(answer));
                       });
                     });
}

Call SecretServiceTokenStore::list(Done<std::vector<GrantKey>> done) {
  return list_named(manner_, {}, keyring::attributes_of_all_grants(), std::move(done));
}

Call SecretServiceTokenStore::list_of(std::string identity, Done<std::vector<GrantKey>> done) {
  const std::string stored = grant_key({}, std::move(identity)).identity;
  const auto fit = check_text(stored);
  // Not a list of all that is then looked through: each item there costs messages of its own.
  return list_named(manner_, fit, keyring::attributes_of_grants_of(stored), std::move(done));
}

Call SecretServiceTokenStore::load_client_secret(ClientKey key,
                                                 Done<std::optional<ClientSecret>> done) {
  using Found = std::optional<ClientSecret>;
  const auto fit = check_text(key);
  return start<Found>(manner_, fit, std::move(done),
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
  const auto fit = check_text(key);
  return start<void>(manner_, fit, std::move(done),
                     [key = std::move(key), kept](KeyringCall& call, const Done<void>& answer) {
                       if (!kept->empty()) {
                         return call.store(keyring::attributes_of(key), keyring::label_of(key),
                                           std::move(*kept), succeeded(answer));
                       }
                       call.find(keyring::attributes_of(key), [&call, answer](Items items) {
                         call.erase(std::move(items), succeeded(answer));
                       });
                     });
}

}  // namespace mail_oauth
