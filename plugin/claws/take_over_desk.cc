// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/take_over_desk.h"

#include <glib.h>

#include <utility>

#include "claws/accounts.h"
#include "claws/notices.h"
#include "claws/password_mover.h"
#include "claws/sign_out_words.h"

namespace mail_oauth::claws {
namespace {

GrantPlace place_for(const AccountIntent& intent) {
  return place_of_word(intent.store).value_or(GrantPlace::kKeyring);
}

/// It is turned on, and its entries are out of the host's reach.
std::optional<AccountIntent> intent_that_is_on(PrefsAccount* account) {
  auto intent = stored_intent(account);
  if (!intent || !*intent || !(*intent)->enabled || !(*intent)->saved) return std::nullopt;
  return std::move(**intent);
}

/// The next login asks with it: what the host holds as its access token counts as run out.
void put_into_hosts_place(int account_id, const RefreshToken& token) {
  passwd_store_set_account(account_id, PWS_ACCOUNT_OAUTH2_REFRESH, token.reveal().data(), FALSE);
  passwd_store_set_account(account_id, PWS_ACCOUNT_OAUTH2_EXPIRY, "0", FALSE);
  passwd_store_write_config();
}

}  // namespace

struct TakeOverDesk::Taking {
  std::unique_ptr<signin::TakeOver> flow;
  Call current;
};

struct TakeOverDesk::Returning {
  std::string name;  ///< Of the account.
  AccountIntent intent;
  GrantKey key;
  RefreshToken given;
  GrantKeeper* keeper = nullptr;
  Call current;
};

TakeOverDesk::TakeOverDesk(Engine& engine, AccountGate& gate) : engine_(engine), gate_(gate) {}
TakeOverDesk::~TakeOverDesk() = default;

void TakeOverDesk::want(int account_id, bool wanted) {
  wanted_.erase(account_id);
  if (wanted) wanted_.insert(account_id);
}

void TakeOverDesk::accounts_followed() {
  for (const int account_id : std::exchange(wanted_, {})) take(account_id);
}

void TakeOverDesk::take(int account_id) {
  PrefsAccount* account = account_find_from_id(account_id);
  const auto intent = account ? intent_that_is_on(account) : std::nullopt;
  if (!intent) return;
  auto request = engine_.sign_in_request(*intent);
  if (!request) return tell(account_name(account_id), request.error());
  const auto ports = engine_.sign_in_ports(place_for(*intent));
  if (!ports) return tell(account_name(account_id), ports.error());
  const PasswordPtr token =
      put_away_entry(password_owner(names_of(account), *intent->saved), PWS_ACCOUNT_OAUTH2_REFRESH);
  if (!token) {
    return tell(account_name(account_id),
                make_error(Error::Kind::kStorage,
                           _("The sign-in that Claws Mail has could not be read. Is the primary "
                             "passphrase given? Or sign in on the account's page.")));
  }
  auto& taking = *(taking_[account_id] = std::make_unique<Taking>());
  const ClientKey client = request->client;
  const bool secret_wanted = request->provider.client_secret != Presence::kForbidden;
  taking.flow = std::make_unique<signin::TakeOver>(
      signin::TakeOver::Ports{ports->store, ports->keeper, ports->http, ports->clock},
      *std::move(request), RefreshToken(Secret(token.get())));
  const char* theirs = account->oauth2_client_secret;
  ClientSecret secret{Secret(theirs ? theirs : "")};
  if (secret.empty() || !secret_wanted) return start(account_id);
  keep_secret(account_id, *ports, client, std::move(secret));
}

void TakeOverDesk::keep_secret(int account_id, const signin::Ports& ports, const ClientKey& client,
                               ClientSecret secret) {
  auto shared = std::make_shared<ClientSecret>(std::move(secret));
  taking_.at(account_id)->current = ports.store.load_client_secret(
      client, [this, account_id, client, shared](Result<std::optional<ClientSecret>> there) {
        // One that was typed on the page is newer. What cannot be read is told by what comes next.
        if (!there || *there) return start(account_id);
        taking_.at(account_id)->current = engine_.save_client_secret(
            client, std::move(*shared),
            [this, account_id](const Result<void>&) { start(account_id); });
      });
}

void TakeOverDesk::start(int account_id) {
  taking_.at(account_id)->flow->start([this, account_id](const Result<GrantKey>& key) {
    taken(account_id, key);
  });
}

void TakeOverDesk::taken(int account_id, const Result<GrantKey>& key) {
  PrefsAccount* account = account_find_from_id(account_id);
  auto intent = account ? intent_that_is_on(account) : std::nullopt;
  if (!key || !intent) {
    if (!key) tell(account_name(account_id), key.error());
    taking_.erase(account_id);
    return;
  }
  intent->taken_over = key->identity;
  store_intent(account, *intent);
  gate_.write();
  prove(account_id, *key, account->protocol == A_POP3 ? Protocol::kPop : Protocol::kImap);
}

/// Whether it is still good is better known now than at the next look for mail.
void TakeOverDesk::prove(int account_id, const GrantKey& key, Protocol protocol) {
  const auto source = engine_.source();
  if (!source) return;
  Taking& taking = *taking_.at(account_id);
  taking.flow.reset();
  taking.current =
      (*source)->token(key, protocol, [this, account_id, key](Result<AccessToken> token) {
        const std::string name = account_name(account_id);
        taking_.erase(account_id);
        // That it ended is told by the broker.
        if (!token && token.error().kind == Error::Kind::kReauthorize) return;
        if (!token) return tell(name, token.error());
        tell(format(_("{1}: {2} is signed in, with the sign-in that Claws Mail had."),
                    {name, key.identity}));
      });
}

void TakeOverDesk::turned_off(int account_id, const AccountIntent& intent) {
  if (g_ascii_strcasecmp(intent.taken_over.c_str(), intent.identity.c_str()) != 0) return;
  const std::string name = account_name(account_id);
  const auto key = engine_.grant(intent);
  if (!key) return tell(name, key.error());
  if (stays(account_id, name, intent)) return;
  const auto ports = engine_.sign_in_ports(place_for(intent));
  if (!ports) return tell(name, ports.error());
  auto& returning = *(returning_[account_id] = std::make_unique<Returning>());
  returning.name = name;
  returning.intent = intent;
  returning.key = *key;
  returning.keeper = &ports->keeper;
  returning.current =
      ports->store.load(*key, [this, account_id](Result<std::optional<Grant>> grant) {
        found(account_id, std::move(grant));
      });
}

/// Another account uses it.
bool TakeOverDesk::stays(int account_id, const std::string& name, const AccountIntent& intent) {
  const auto others = others_with_grant(account_id, intent, account_views(), engine_.grant_of());
  if (others.empty()) return false;
  tell(format(_("{1}: its sign-in stays here, because {2} uses it, too. Claws Mail may ask for a "
                "new one of its own."),
              {name, others.front()}));
  return true;
}

/// The account is on again before its sign-in was given back: there it stays, as one that was taken
/// over.
bool TakeOverDesk::keeps(int account_id, const GrantKey& key) {
  PrefsAccount* account = account_find_from_id(account_id);
  auto intent = account ? stored_intent(account) : std::nullopt;
  if (!intent || !*intent || !(*intent)->enabled) return false;
  const auto now = engine_.grant(**intent);
  if (!now || !(*now == key)) return false;
  (*intent)->taken_over = key.identity;
  store_intent(account, **intent);
  gate_.write();
  return true;
}

/// Written in the host's place first, so that there is always one of them.
void TakeOverDesk::found(int account_id, Result<std::optional<Grant>> grant) {
  Returning& returning = *returning_.at(account_id);
  const bool used =
      keeps(account_id, returning.key) || stays(account_id, returning.name, returning.intent);
  if (used || !grant || !*grant) {
    if (!used && !grant) tell(returning.name, grant.error());
    returning_.erase(account_id);
    return;
  }
  returning.given = std::move((*grant)->refresh_token);
  put_into_hosts_place(account_id, returning.given);
  returning.current = returning.keeper->give_up(
      returning.key,
      [this, account_id](const Result<std::vector<Grant>>& last) { given_up(account_id, last); });
}

/// A renewal may have been under way.
void TakeOverDesk::given_up(int account_id, const Result<std::vector<Grant>>& last) {
  const Returning& returning = *returning_.at(account_id);
  if (!last) {
    tell(returning.name, last.error());
  } else {
    const RefreshToken& newest = last->front().refresh_token;
    if (!returning.given.equals(newest.reveal())) put_into_hosts_place(account_id, newest);
    tell(format(_("{}: Claws Mail has its own sign-in back."), {returning.name}));
  }
  returning_.erase(account_id);
}

}  // namespace mail_oauth::claws
