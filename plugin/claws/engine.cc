// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/engine.h"

#include "assembly/broker_home.h"
#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "manifest/folders.h"
#include "net/lazy_http_client.h"
#include "signin/client_choice.h"
#include "signin/device_code_flow.h"
#include "signin/metadata_fetcher.h"

namespace mail_oauth::claws {
namespace {

/// From the broker's thread to the main one.
void on_main_thread(std::function<void()> task) {
  g_idle_add_full(
      G_PRIORITY_DEFAULT_IDLE,
      [](gpointer data) -> gboolean {
        guarded("notice", [&] { (*static_cast<std::function<void()>*>(data))(); });
        return G_SOURCE_REMOVE;
      },
      new std::function<void()>(std::move(task)),
      [](gpointer data) { delete static_cast<std::function<void()>*>(data); });
}

/// `ears` are looked at on the main thread only, where their owner may be gone.
BrokerObserver observer(std::weak_ptr<Engine::Ears> ears) {
  BrokerObserver observer;
  observer.on_unsaved = [](const GrantKey& key, const Error& error) {
    const Error told =
        make_error(error.kind, format(_("The renewed sign-in is not saved: {}"), {error.what}));
    on_main_thread([key, told] { tell(key.identity, told); });
  };
  observer.on_needs_sign_in = [ears](const GrantKey& key, const Error& error) {
    on_main_thread([ears, key, error] {
      tell(key.identity, error);
      const auto open = ears.lock();
      if (open && open->ended) open->ended(key, error);
    });
  };
  observer.on_signed_in = [ears](const GrantKey& key) {
    on_main_thread([ears, key] {
      const auto open = ears.lock();
      if (open && open->signed_in) open->signed_in(key);
    });
  };
  return observer;
}

Error in_this_program(const Loss& loss) {
  if (loss.at_end == AtEnd::kMayBeLost) {
    return make_error(Error::Kind::kTransient,
                      _("The provider was asked to renew the sign-in, and its answer did not come "
                        "in time. The provider may have ended the sign-in. If you are asked to "
                        "sign in at the next start, sign in again."));
  }
  return make_error(Error::Kind::kStorage,
                    _("The renewed sign-in could not be saved and is lost now. Sign in again at "
                      "the next start."));
}

Result<GrantKey> grant_at(const Result<Provider>& provider, const AccountIntent& intent) {
  if (!provider) return provider.error();
  auto client = signin::chosen_client(*provider, intent.client, intent.tenant);
  if (!client) return client.error();
  return grant_key(std::move(*client), intent.identity);
}

}  // namespace

Engine::Engine() : folders_(manifest::standard_folders()) {
  auto locks = lock_folder_path();
  if (!locks) {
    no_locks_ = locks.error().what;
    return;
  }
  broker_ = std::make_unique<ThreadedBroker>(
      [folders = folders_, locks = std::move(*locks), stores = stores_](BrokerObserver told) {
        const auto open = [stores](Prompt prompt) { return stores.open(prompt); };
        return make_broker({folders, locks, Prompt::kAllowed, open}, std::move(told));
      },
      observer(ears_));
}

Engine::~Engine() {
  if (!broker_) return;
  std::vector<Loss> losses;
  // What is renewed just now may have to be stored by this thread.
  stores_.main_thread().serve_during([&] {
    losses = broker_->end();
    broker_.reset();
  });
  for (const Loss& loss : losses) tell(loss.key.identity, in_this_program(loss));
}

Result<TokenSource*> Engine::source() {
  if (!broker_) return make_error(Error::Kind::kStorage, no_locks_);
  return static_cast<TokenSource*>(broker_.get());
}

Result<GrantKey> Engine::grant(const AccountIntent& intent) {
  return grant_at(provider(intent.provider), intent);
}

Result<GrantKey> Engine::grant(const AccountIntent& intent, const manifest::Catalog& catalog) {
  return grant_at(catalog.find(intent.provider), intent);
}

Result<signin::SignInRequest> Engine::sign_in_request(const AccountIntent& intent) {
  const auto provider = this->provider(intent.provider);
  if (!provider) return provider.error();
  auto client = signin::chosen_client(*provider, intent.client, intent.tenant);
  if (!client) return client.error();
  std::vector<Protocol> protocols;
  for (const auto& entry : provider->scopes.mail) protocols.push_back(entry.first);
  return signin::SignInRequest{*provider, std::move(*client), intent.identity, std::move(protocols),
                               signin::metadata_folder()};
}

std::string Engine::provider_name(const AccountIntent& intent) {
  const auto provider = this->provider(intent.provider);
  return provider ? provider->name : intent.provider;
}

bool Engine::offers_code(const AccountIntent& intent) {
  const auto provider = this->provider(intent.provider);
  return provider && signin::device_flow_offered(*provider);
}

HttpClient& Engine::http() {
  if (!http_) http_ = std::make_unique<LazyHttpClient>(http_options_from_environment());
  return *http_;
}

Call Engine::store_again(GrantKey key, Done<void> done) {
  if (!broker_) return {};  // Without it nothing was renewed or signed in.
  return broker_->store_again(std::move(key), std::move(done));
}

Result<signin::Ports> Engine::sign_in_ports(GrantPlace place) {
  if (!broker_) return make_error(Error::Kind::kStorage, no_locks_);
  SigningIn& there = signing_in_[place];
  if (!there.store) {
    there.store = stores_.open(Prompt::kAllowed, place);
    there.keeper = std::make_unique<PlacingKeeper>(stores_.places(), *broker_, place);
  }
  return signin::Ports{*there.store, *there.keeper, http(), listeners_, browser_, clock_};
}

Call Engine::standing(GrantKey key, Done<std::optional<Standing>> done) {
  // Its name may be listed while it is locked, and then no token comes: so it is read.
  return quiet_store_->load(
      std::move(key), [done = std::move(done)](const Result<std::optional<Grant>>& grant) {
        if (!grant) return done(grant.error());
        if (!*grant) return done(std::optional<Standing>());
        done(std::optional<Standing>({(*grant)->expires_at, (*grant)->ended()}));
      });
}

}  // namespace mail_oauth::claws
