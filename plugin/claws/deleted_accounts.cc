// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/deleted_accounts.h"

#include <set>
#include <utility>

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "claws/password_block.h"
#include "signin/metadata_fetcher.h"

namespace mail_oauth::claws {
namespace {

GrantPlace place_for(const AccountIntent& intent) {
  return place_of_word(intent.store).value_or(GrantPlace::kKeyring);
}

/// The host has forgotten its own already.
void forget_passwords(int account_id) {
  const auto names = names_on_disk(std::to_string(account_id) + ":");
  for (const auto& name : names) {
    passwd_store_set(PWS_PLUGIN, kPasswordBlock, name.c_str(), nullptr, FALSE);
  }
  if (!names.empty()) passwd_store_write_config();
}

}  // namespace

DeletedAccounts::DeletedAccounts(Engine& engine, AccountGate& gate)
    : engine_(engine), gate_(gate), offers_([this](const GrantKey& key) {
        const auto intent = offered_.find(key);
        if (intent != offered_.end()) sign_out(key, intent->second);
      }) {
  hook_ = hooks_register_hook(ACCOUNT_LIST_CHANGED_HOOKLIST, on_accounts, this);
}

DeletedAccounts::~DeletedAccounts() {
  if (hook_) hooks_unregister_hook(ACCOUNT_LIST_CHANGED_HOOKLIST, hook_);
}

gboolean DeletedAccounts::on_accounts(gpointer, gpointer self) {
  return guarded("account list hook", FALSE, [&] {
    static_cast<DeletedAccounts*>(self)->look_soon();
    return FALSE;
  });
}

/// The list may be half made while the hook is called.
void DeletedAccounts::look_soon() {
  if (std::exchange(asked_, true)) return;
  gate_.in_turn(AccountGate::Windows::kNone, [this] {
    asked_ = false;
    look();
  });
}

void DeletedAccounts::notice() {
  std::map<int, const void*> now;
  for (GList* item = account_get_list(); item; item = item->next) {
    now[static_cast<PrefsAccount*>(item->data)->account_id] = item->data;
  }
  for (auto known = known_.begin(); known != known_.end();) {
    const auto found = now.find(known->first);
    if (found != now.end() && found->second == known->second.who) {
      ++known;
      continue;
    }
    forget_passwords(known->first);
    if (gone_) gone_(known->first);
    if (known->second.intent) left_.push_back(std::move(*known->second.intent));
    known = known_.erase(known);
    look_soon();
  }
}

void DeletedAccounts::accounts_followed() {
  learn();
  look_soon();
}

/// False when not all can be read.
bool DeletedAccounts::learn() {
  bool all = true;
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    Known& known = known_[account->account_id];
    known = {account, std::nullopt};
    auto stored = stored_intent(account);
    if (stored && !*stored) all = false;
    if (stored && *stored && !(*stored)->identity.empty()) known.intent = std::move(**stored);
  }
  return all;
}

void DeletedAccounts::look() {
  notice();
  const bool unclear = !learn();  // What a newer version wrote may be about the same sign-in.
  std::set<GrantKey> used;
  for (const auto& [id, known] : known_) {
    if (!known.intent) continue;
    if (const auto key = engine_.grant(*known.intent)) used.insert(*key);
  }
  offers_.take_back(used);
  for (auto& intent : std::exchange(left_, {})) {
    const auto key = engine_.grant(intent);
    if (!key || unclear) {
      left_.push_back(std::move(intent));  // Until it is known whose it is.
    } else if (used.count(*key) == 0) {
      part_with(*key, intent);
    }
  }
}

void DeletedAccounts::part_with(const GrantKey& key, const AccountIntent& intent) {
  if (place_for(intent) != GrantPlace::kKeyring) return sign_out(key, intent);
  offered_[key] = intent;
  asking_[key] =
      engine_.standing(key, [this, key](const Result<std::optional<Engine::Standing>>& standing) {
        if (standing && *standing) offers_.show(key);
      });
}

void DeletedAccounts::sign_out(const GrantKey& key, const AccountIntent& intent) {
  const auto ports = engine_.sign_in_ports(place_for(intent));
  if (!ports) return tell(key.identity, ports.error());
  const auto provider = engine_.provider(intent.provider);
  // Nobody asked for the end of sign-ins on other devices.
  const bool revoked = provider && !provider->revocation_ends_other_devices;
  auto& ending = ending_[key];
  ending = std::make_unique<signin::SignOut>(
      signin::SignOut::Ports{ports->store, ports->keeper, ports->http, ports->clock},
      revoked ? std::optional<Provider>(*provider) : std::nullopt, key, signin::metadata_folder());
  ending->start([this, key](const Result<signin::SignedOut>& result) {
    ending_.erase(key);
    offered_.erase(key);
    if (!result) return tell(key.identity, result.error());
    tell(format(_("{} is signed out, because no account uses the sign-in any more."),
                {key.identity}));
  });
}

}  // namespace mail_oauth::claws
