// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/engine.h"

#include "assembly/broker_home.h"
#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "manifest/folders.h"
#include "signin/client_choice.h"

namespace mail_oauth::claws {
namespace {

/// Hands a line from the broker's thread to the host's log on the main thread.
void tell_later(const std::string& account, const Error& error) {
  struct Notice {
    std::string account;
    Error error;
  };
  g_idle_add_full(
      G_PRIORITY_DEFAULT_IDLE,
      [](gpointer data) -> gboolean {
        guarded("notice", [&] {
          const auto* notice = static_cast<Notice*>(data);
          tell(notice->account, notice->error);
        });
        return G_SOURCE_REMOVE;
      },
      new Notice{account, error}, [](gpointer data) { delete static_cast<Notice*>(data); });
}

BrokerObserver observer() {
  BrokerObserver observer;
  observer.on_unsaved = [](const GrantKey& key, const Error& error) {
    tell_later(
        key.identity,
        make_error(error.kind, format(_("The renewed sign-in is not saved: {}"), {error.what})));
  };
  observer.on_needs_sign_in = [](const GrantKey& key, const Error& error) {
    tell_later(key.identity, error);
  };
  return observer;
}

}  // namespace

Engine::Engine() : folders_(manifest::standard_folders()) {
  auto locks = lock_folder_path();
  if (!locks) {
    no_locks_ = locks.error().what;
    return;
  }
  broker_ = std::make_unique<ThreadedBroker>(
      [folders = folders_, locks = std::move(*locks)](BrokerObserver told) {
        return make_broker({folders, locks, Prompt::kAllowed}, std::move(told));
      },
      observer());
}

Engine::~Engine() {
  if (!broker_) return;
  for (const auto& key : broker_->unsaved()) {
    tell(key.identity, make_error(Error::Kind::kStorage,
                                  _("The renewed sign-in could not be saved and is lost now. "
                                    "Sign in again at the next start.")));
  }
}

Result<TokenSource*> Engine::source() {
  if (!broker_) return make_error(Error::Kind::kStorage, no_locks_);
  return static_cast<TokenSource*>(broker_.get());
}

Result<GrantKey> Engine::grant(const AccountIntent& intent) {
  const auto provider = catalog().find(intent.provider);
  if (!provider) return provider.error();
  auto client = signin::chosen_client(*provider, intent.client, intent.tenant);
  if (!client) return client.error();
  return grant_key(std::move(*client), intent.identity);
}

std::string Engine::provider_name(const AccountIntent& intent) {
  const auto provider = catalog().find(intent.provider);
  return provider ? provider->name : intent.provider;
}

HttpClient& Engine::http() {
  if (!http_) http_ = std::make_unique<ProviderHttpClient>(folders_);
  return *http_;
}

Result<signin::Ports> Engine::sign_in_ports() {
  if (!broker_) return make_error(Error::Kind::kStorage, no_locks_);
  return signin::Ports{*store_, *broker_, http(), listeners_, browser_, clock_};
}

Call Engine::has_grant(GrantKey key, Done<bool> done) {
  // Its name may be listed while it is locked, and then no token comes: so it is read.
  return quiet_store_->load(std::move(key),
                            [done = std::move(done)](Result<std::optional<Grant>> grant) {
                              if (!grant) return done(grant.error());
                              done(grant->has_value());
                            });
}

}  // namespace mail_oauth::claws
