// SPDX-License-Identifier: GPL-3.0-or-later
//
// The core as this host uses it: providers, keyring, browser and broker, put together. The broker
// has a thread of its own; everything here belongs to the main thread, and nothing here blocks it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/lock_file.h"
#include "broker/threaded_broker.h"
#include "claws/password_hook.h"
#include "claws/placing_keeper.h"
#include "claws/stores.h"
#include "desktop/gio_browser.h"
#include "desktop/loopback_listener.h"
#include "desktop/system_clock.h"
#include "manifest/catalog.h"
#include "signin/authorization_code_flow.h"

namespace mail_oauth::claws {

class Engine : public TokenDesk {
 public:
  Engine();
  ~Engine() override;

  Result<TokenSource*> source() override;
  Result<GrantKey> grant(const AccountIntent& intent) override;
  /// As `catalog` has its provider.
  Result<GrantKey> grant(const AccountIntent& intent, const manifest::Catalog& catalog);
  /// For comparing accounts.
  GrantOf grant_of() {
    return [this](const AccountView& account) { return grant(*account.intent); };
  }
  std::string provider_name(const AccountIntent& intent) override;
  bool offers_code(const AccountIntent& intent) override;

  /// Read anew each time: manifests are files that people edit.
  manifest::Catalog catalog() const { return manifest::Catalog::load(folders_); }
  /// The one alone: its own files are read, as often as the host asks for a password.
  Result<Provider> provider(const std::string& id) const {
    return manifest::Catalog::load_one(folders_, id);
  }

  /// For a sign-in that serves all of a person's accounts, whatever they receive with. kConfig: an
  /// unknown provider, or no client id.
  Result<signin::SignInRequest> sign_in_request(const AccountIntent& intent);

  /// For sign-ins on the main thread's loop, to be kept in that place. Valid as long as this
  /// engine. kStorage: no lock folder.
  Result<signin::Ports> sign_in_ports(GrantPlace place);

  GrantPlaces& places() { return stores_.places(); }
  /// As Broker::store_again().
  Call store_again(GrantKey key, Done<void> done);

  /// What the broker tells by itself; in the main loop.
  struct Ears {
    std::function<void(const GrantKey&, const Error&)> ended;  ///< A sign-in is needed.
    std::function<void(const GrantKey&)> signed_in;
  };
  void listen(Ears ears) { *ears_ = std::move(ears); }

  /// What is known of a sign-in without asking its provider.
  struct Standing {
    WallTime good_until;  ///< Its access token.
    bool ended = false;   ///< By the provider.
  };
  /// Nothing when nobody is signed in under this key. Asks nobody to unlock the keyring: kStorage,
  /// with the reason in words, when it is locked or cannot be reached.
  Call standing(GrantKey key, Done<std::optional<Standing>> done);

  /// Everybody who is signed in. As the store; asks nobody either.
  Call grants(Done<std::vector<GrantKey>> done) { return quiet_store_->list(std::move(done)); }

  /// An empty one erases. kStorage as the store.
  Call save_client_secret(ClientKey key, ClientSecret secret, Done<void> done) {
    return store_->save_client_secret(std::move(key), std::move(secret), std::move(done));
  }

 private:
  HttpClient& http();

  std::shared_ptr<Ears> ears_ = std::make_shared<Ears>();
  std::vector<std::string> folders_;
  SystemClock clock_;
  Stores stores_;
  std::unique_ptr<PlacedTokenStore> store_ = stores_.open(Prompt::kAllowed);
  std::unique_ptr<PlacedTokenStore> quiet_store_ = stores_.open(Prompt::kNever);
  LoopbackListenerFactory listeners_;
  GioBrowser browser_;
  std::unique_ptr<HttpClient> http_;
  std::string no_locks_;  ///< Why there is no folder for locks; empty when there is one.
  std::unique_ptr<ThreadedBroker> broker_;
  /// What sign-ins into that place stand on.
  struct SigningIn {
    std::unique_ptr<PlacedTokenStore> store;
    std::unique_ptr<PlacingKeeper> keeper;
  };
  std::map<GrantPlace, SigningIn> signing_in_;
};

}  // namespace mail_oauth::claws
