// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_defaults.h"

#include "claws/accounts.h"

namespace mail_oauth::claws {
namespace {

/// The first provider that has one of the account's servers.
std::string by_servers(const AccountSigns& signs, const manifest::Catalog& catalog) {
  for (const std::string& name : {signs.receive_server, signs.send_server}) {
    const auto fitting = catalog.for_server(name);
    if (fitting.size() == 1) return fitting.front().id;
  }
  return {};
}

}  // namespace

BuiltInSignIn built_in_of(const PrefsAccount& account, const manifest::Catalog& catalog) {
  BuiltInSignIn built_in;
  const AccountView view = view_of(const_cast<PrefsAccount*>(&account));
  for (const auto protocol : kProtocols) {
    const auto& service = view.service(protocol);
    if (service && service->speaks_oauth) built_in.used = true;
  }
  built_in.renewable =
      passwd_store_has_password_account(account.account_id, PWS_ACCOUNT_OAUTH2_REFRESH);
  built_in.client = text_of(account.oauth2_client_id);
  built_in.user = text_of(account.userid);
  for (const auto& provider : catalog.for_server(text_of(account.recv_server))) {
    built_in.providers.push_back(provider.id);
  }
  return built_in;
}

AccountSigns signs_of(const PrefsAccount& account) {
  return {text_of(account.address), text_of(account.recv_server), text_of(account.smtp_server),
          text_of(account.oauth2_client_id)};
}

FormDefaults defaults_for(const AccountSigns& signs, const manifest::Catalog& catalog,
                          const BuiltInSignIn& built_in) {
  FormDefaults defaults;
  defaults.address = signs.address;
  const bool named = built_in.user.find('@') != std::string::npos;
  if (can_be_taken_over(built_in) && named) defaults.address = built_in.user;
  defaults.client = signs.client;
  const auto fitting = catalog.for_address(defaults.address);
  defaults.provider = by_servers(signs, catalog);
  if (!defaults.provider.empty()) return defaults;
  if (!fitting.empty()) {
    defaults.provider = fitting.front().id;
  } else if (const Provider* only = catalog.only_with_client()) {
    defaults.provider = only->id;
  }
  return defaults;
}

}  // namespace mail_oauth::claws
