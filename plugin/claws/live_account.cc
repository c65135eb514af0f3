// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/live_account.h"

#include "claws/accounts.h"
#include "claws/server_fields.h"

namespace mail_oauth::claws {
namespace {

ConnectionFacts connection_of(const PrefsAccount& account, SSLType tls) {
  ConnectionFacts facts;
  facts.encrypted = tls != SSL_NONE;
  facts.certificates_checked = !prefs_common.skip_ssl_cert_check && !prefs_common.unsafe_ssl_certs;
  facts.accepts_certificates = account.ssl_certs_auto_accept;
  return facts;
}

bool speaks_oauth(const PrefsAccount& account, Protocol protocol) {
  if (protocol == Protocol::kImap) return account.imap_auth_type == IMAP_AUTH_OAUTH2;
  if (protocol == Protocol::kSmtp) return account.smtp_auth_type == SMTPAUTH_OAUTH2;
  return account.use_pop_auth && account.pop_auth_type == POPAUTH_OAUTH2;
}

Service service_of(const PrefsAccount& account, Protocol protocol) {
  const ServerFields& fields = server_fields(protocol);
  Service service;
  if (protocol == Protocol::kSmtp) service.user = text_of(account.smtp_userid);
  if (service.user.empty()) service.user = text_of(account.userid);
  service.server = text_of(account.*fields.host);
  service.port =
      account.*fields.set_port ? account.*fields.port : fields.usual_port(account.*fields.tls);
  service.connection = connection_of(account, account.*fields.tls);
  service.connection.through_command = protocol == Protocol::kImap && account.set_tunnelcmd;
  service.speaks_oauth = speaks_oauth(account, protocol);
  return service;
}

Service news_of(const PrefsAccount& account) {
  Service service;
  service.user = text_of(account.userid);
  service.server = text_of(account.nntp_server);
  return service;
}

}  // namespace

LiveAccount read_live(const PrefsAccount& account) {
  LiveAccount live;
  live.view.id = account.account_id;
  live.view.name = text_of(account.account_name);
  live.view.address = text_of(account.address);
  if (account.protocol == A_IMAP4) live.view.imap = service_of(account, Protocol::kImap);
  if (account.protocol == A_POP3) live.view.pop = service_of(account, Protocol::kPop);
  if (account.protocol == A_NNTP) live.view.news = news_of(account);
  if (account.use_smtp_auth) live.view.smtp = service_of(account, Protocol::kSmtp);
  live.owner = {account.account_id, text_of(account.userid), text_of(account.smtp_userid),
                text_of(account.recv_server), text_of(account.smtp_server)};
  return live;
}

}  // namespace mail_oauth::claws
