// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_fields.h"

#include "claws/accounts.h"
#include "claws/live_text.h"
#include "claws/login_fields.h"
#include "claws/server_fields.h"

namespace mail_oauth::claws {
namespace {

static_assert(kImapOauth == IMAP_AUTH_OAUTH2 && kPopOauth == POPAUTH_OAUTH2 &&
              kSmtpOauth == SMTPAUTH_OAUTH2);

template <class Field, class Value>
void assign(Field& field, Value value) {
  field = static_cast<Field>(value);
}

bool speaks(const PrefsAccount& account, Protocol protocol) {
  return protocol == Protocol::kSmtp || receives_by(account) == protocol;
}

bool is_ours(const PrefsAccount& account, const ServerFields& fields,
             const ReplacedServer& replaced) {
  return text_of(account.*fields.host) == replaced.our_host && account.*fields.set_port &&
         account.*fields.port == replaced.our_port;
}

ReplacedServer as_it_stands(const PrefsAccount& account, const ServerFields& fields) {
  ReplacedServer server;
  server.host = text_of(account.*fields.host);
  server.port = account.*fields.port;
  server.set_port = account.*fields.set_port;
  server.tls = static_cast<int>(account.*fields.tls);
  return server;
}

}  // namespace

SavedFields fields_of(const PrefsAccount& account) {
  SavedFields fields;
  fields.userid = text_of(account.userid);
  fields.smtp_userid = text_of(account.smtp_userid);
  fields.use_pop_auth = account.use_pop_auth;
  fields.use_smtp_auth = account.use_smtp_auth;
  fields.imap_auth_method = account.imap_auth_type;
  fields.pop_auth_method = account.pop_auth_type;
  fields.smtp_auth_method = account.smtp_auth_type;
  fields.oauth2_provider = account.oauth2_provider;
  return fields;
}

void write_fields(PrefsAccount* account, const SavedFields& fields) {
  replace_text(account->userid, fields.userid);
  replace_text(account->smtp_userid, fields.smtp_userid);
  assign(account->use_pop_auth, fields.use_pop_auth);
  assign(account->use_smtp_auth, fields.use_smtp_auth);
  assign(account->imap_auth_type, fields.imap_auth_method);
  assign(account->pop_auth_type, fields.pop_auth_method);
  assign(account->smtp_auth_type, fields.smtp_auth_method);
  assign(account->oauth2_provider, fields.oauth2_provider);
}

bool name_servers(const PrefsAccount& account, SavedFields& saved) {
  const std::string recv = saved.recv_server, smtp = saved.smtp_server;
  if (recv.empty()) saved.recv_server = text_of(account.recv_server);
  if (smtp.empty()) saved.smtp_server = text_of(account.smtp_server);
  return recv != saved.recv_server || smtp != saved.smtp_server;
}

void write_server(PrefsAccount* account, Protocol protocol, const MailServer& server) {
  const ServerFields& fields = server_fields(protocol);
  replace_text(account->*fields.host, server.host);
  account->*fields.set_port = TRUE;
  assign(account->*fields.port, server.port);
  account->*fields.tls = server.tls == TlsMode::kStartTls ? SSL_STARTTLS : SSL_TUNNEL;
}

void write_servers(PrefsAccount* account, const std::map<Protocol, MailServer>& servers,
                   SavedFields& saved) {
  for (const auto& [protocol, server] : servers) {
    if (!speaks(*account, protocol)) continue;
    const ServerFields& fields = server_fields(protocol);
    const auto replaced = saved.replaced.find(protocol);
    if (replaced == saved.replaced.end() || !is_ours(*account, fields, replaced->second))
      saved.replaced[protocol] = as_it_stands(*account, fields);
    saved.replaced[protocol].our_host = server.host;
    saved.replaced[protocol].our_port = server.port;
    write_server(account, protocol, server);
  }
}

void give_servers_back(PrefsAccount* account, const SavedFields& saved) {
  for (const auto& [protocol, server] : saved.replaced) {
    const ServerFields& fields = server_fields(protocol);
    if (!speaks(*account, protocol) || !is_ours(*account, fields, server)) continue;
    replace_text(account->*fields.host, server.host);
    account->*fields.set_port = server.set_port;
    assign(account->*fields.port, server.port);
    assign(account->*fields.tls, server.tls);
  }
}

}  // namespace mail_oauth::claws
