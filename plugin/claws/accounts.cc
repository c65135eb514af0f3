// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/accounts.h"

namespace mail_oauth::claws {
namespace {

int port_or(bool set, int port, int otherwise) { return set ? port : otherwise; }

ConnectionFacts connection_of(const PrefsAccount& account, SSLType tls) {
  ConnectionFacts facts;
  facts.encrypted = tls != SSL_NONE;
  facts.certificates_checked = !prefs_common.skip_ssl_cert_check && !prefs_common.unsafe_ssl_certs;
  facts.accepts_certificates = account.ssl_certs_auto_accept;
  return facts;
}

Service imap_of(const PrefsAccount& account) {
  Service service;
  service.user = text_of(account.userid);
  service.server = text_of(account.recv_server);
  service.port =
      port_or(account.set_imapport, account.imapport, account.ssl_imap == SSL_TUNNEL ? 993 : 143);
  service.connection = connection_of(account, account.ssl_imap);
  service.connection.through_command = account.set_tunnelcmd;
  service.speaks_oauth = account.imap_auth_type == IMAP_AUTH_OAUTH2;
  return service;
}

Service pop_of(const PrefsAccount& account) {
  Service service;
  service.user = text_of(account.userid);
  service.server = text_of(account.recv_server);
  service.port =
      port_or(account.set_popport, account.popport, account.ssl_pop == SSL_TUNNEL ? 995 : 110);
  service.connection = connection_of(account, account.ssl_pop);
  service.speaks_oauth = account.use_pop_auth && account.pop_auth_type == POPAUTH_OAUTH2;
  return service;
}

Service smtp_of(const PrefsAccount& account) {
  Service service;
  service.user = text_of(account.smtp_userid);
  if (service.user.empty()) service.user = text_of(account.userid);
  service.server = text_of(account.smtp_server);
  service.port =
      port_or(account.set_smtpport, account.smtpport, account.ssl_smtp == SSL_TUNNEL ? 465 : 25);
  service.connection = connection_of(account, account.ssl_smtp);
  service.speaks_oauth = account.smtp_auth_type == SMTPAUTH_OAUTH2;
  return service;
}

}  // namespace

std::string text_of(const char* maybe_null) { return maybe_null ? maybe_null : ""; }

std::optional<Result<AccountIntent>> stored_intent(PrefsAccount* account) {
  char key[] = "mail_oauth";
  const char* value = prefs_account_get_privacy_prefs(account, key);
  if (!value) return std::nullopt;
  return parse_intent(value);
}

void store_intent(PrefsAccount* account, const AccountIntent& intent) {
  char key[] = "mail_oauth";
  std::string value = intent_text(intent);
  prefs_account_set_privacy_prefs(account, key, value.data());
}

AccountView view_of(PrefsAccount* account) {
  AccountView view;
  view.id = account->account_id;
  view.name = text_of(account->account_name);
  if (account->protocol == A_IMAP4) view.imap = imap_of(*account);
  if (account->protocol == A_POP3) view.pop = pop_of(*account);
  if (account->use_smtp_auth) view.smtp = smtp_of(*account);
  if (auto intent = stored_intent(account)) {
    if (!*intent) {
      view.trouble = intent->error();
    } else if ((*intent)->enabled) {
      view.intent = std::move(**intent);
    }
  }
  return view;
}

std::vector<AccountView> account_views() {
  std::vector<AccountView> views;
  for (GList* item = account_get_list(); item; item = item->next) {
    views.push_back(view_of(static_cast<PrefsAccount*>(item->data)));
  }
  return views;
}

HostVersion running_host() {
  const guint version = claws_get_version();
  return {static_cast<int>(version >> 24), static_cast<int>((version >> 16) & 0xff)};
}

}  // namespace mail_oauth::claws
