// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_in_offers.h"

#include <algorithm>
#include <utility>

#include "claws/account_defaults.h"
#include "claws/accounts.h"
#include "claws/notices.h"
#include "claws/page_words.h"
#include "claws/receiving.h"

namespace mail_oauth::claws {
namespace {

constexpr char kAnswerKey[] = "mail_oauth_offer";
constexpr char kDeclined[] = "no";

bool was_asked(PrefsAccount* account) {
  std::string key = kAnswerKey;
  return prefs_account_get_privacy_prefs(account, key.data()) != nullptr;
}

bool can_be_offered(PrefsAccount* account) {
  if (account->protocol != A_IMAP4 && account->protocol != A_POP3) return false;
  return !stored_intent(account) && !was_asked(account) && !view_of(account).speaks_oauth();
}

/// Those of the provider's servers that the account has by name: their ports and TLS may be wrong.
std::map<Protocol, MailServer> servers_it_has(const AccountView& view, const AccountSigns& signs,
                                              const Provider& provider) {
  std::map<Protocol, MailServer> servers;
  for (const auto& [protocol, server] : provider.servers) {
    const bool sends = protocol == Protocol::kSmtp;
    if (!sends && !view.service(protocol)) continue;
    const std::string& has = sends ? signs.send_server : signs.receive_server;
    if (g_ascii_strcasecmp(has.c_str(), server.host.c_str()) == 0) servers[protocol] = server;
  }
  return servers;
}

}  // namespace

SignInOffers::SignInOffers(Engine& engine, FieldFollower& follower, AccountGate& gate,
                           SignInDesk& desk)
    : engine_(engine),
      follower_(follower),
      gate_(gate),
      desk_(desk),
      bar_({[this](int id) { accept(id); }, [this](int id) { decline(id); }}) {}

void SignInOffers::accounts_followed() {
  std::vector<OfferBar::Offer> offers;
  offered_.clear();
  std::optional<manifest::Catalog> catalog;
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    if (!can_be_offered(account)) continue;
    if (!catalog) catalog = engine_.catalog();
    auto found = offer_for(account, *catalog);
    if (!found) continue;
    offered_[account->account_id] = std::move(found->intent);
    offers.push_back(std::move(found->offer));
  }
  bar_.show(offers);
  std::vector<int> on;
  for (const int id : std::exchange(turned_on_, {})) on.push_back(id);
  receive_soon(std::move(on));
}

std::optional<SignInOffers::Found> SignInOffers::offer_for(PrefsAccount* account,
                                                           const manifest::Catalog& catalog) const {
  const AccountSigns signs = signs_of(*account);
  const auto owners = catalog.for_server(signs.receive_server);
  const FormDefaults defaults = defaults_for(signs, catalog, {});
  const auto provider = std::find_if(owners.begin(), owners.end(), [&](const Provider& one) {
    return one.id == defaults.provider && one.no_passwords;
  });
  if (provider == owners.end()) return std::nullopt;
  FormValues form = form_of(std::nullopt, defaults);
  form.enabled = true;
  form.send_as_mailbox = sends_as_mailbox(*provider);
  auto intent = intent_of(form, std::nullopt);
  if (!intent) return std::nullopt;
  Found found;
  found.offer.account_id = account->account_id;
  found.offer.headline = format(_("{1} takes no passwords any more for the account \"{2}\"."),
                                {provider->name, view_of(account).name});
  const auto key = engine_.grant(*intent, catalog);
  found.offer.can_sign_in = key.has_value();
  found.offer.reason = key ? std::string(_("Sign in with the browser instead. Nothing of the "
                                           "account changes before you have signed in."))
                           : in_words(key.error());
  found.intent = std::move(*intent);
  return found;
}

void SignInOffers::accept(int account_id) {
  const auto offered = offered_.find(account_id);
  if (offered == offered_.end()) return;
  const std::string name = account_name(account_id);
  if (desk_.present(account_id, name, SignInWay::kBrowser)) return;
  const AccountIntent intent = offered->second;
  desk_.start(account_id, name, intent, SignInWay::kBrowser,
              [this, account_id, intent](const std::string& who) {
                AccountIntent on = intent;
                on.identity = who;
                gate_.in_turn(AccountGate::Windows::kNoAccount,
                              [this, account_id, on] { turn_on(account_id, on); });
              });
}

void SignInOffers::decline(int account_id) {
  gate_.in_turn(AccountGate::Windows::kNoAccount, [this, account_id] {
    PrefsAccount* account = account_find_from_id(account_id);
    if (!account) return;
    std::string key = kAnswerKey;
    std::string answer = kDeclined;
    prefs_account_set_privacy_prefs(account, key.data(), answer.data());
    gate_.write();
    accounts_followed();
  });
}

void SignInOffers::turn_on(int account_id, const AccountIntent& intent) {
  PrefsAccount* account = account_find_from_id(account_id);
  const auto offered = offered_.find(account_id);
  // Somebody may have turned it on, or off, on its page meanwhile, or have given it other servers.
  if (!account || offered == offered_.end() || stored_intent(account)) return;
  if (offered->second.provider != intent.provider) return;
  store_intent(account, intent);
  const auto provider = engine_.catalog().find(intent.provider);
  if (provider) {
    follower_.use_servers(account_id,
                          servers_it_has(view_of(account), signs_of(*account), *provider));
  }
  turned_on_.insert(account_id);
  follower_.schedule();
}

}  // namespace mail_oauth::claws
