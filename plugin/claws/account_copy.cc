// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_copy.h"

#include "claws/account_fields.h"
#include "claws/accounts.h"
#include "claws/server_fields.h"

namespace mail_oauth::claws {
namespace {

/// Takes the place of a default that prefs_account_new() may have put there.
void copy_text(char*& field, const char* value) {
  g_free(field);
  field = g_strdup(value);
}

void copy_connection(PrefsAccount& account, const PrefsAccount& source) {
  copy_text(account.recv_server, source.recv_server);
  copy_text(account.smtp_server, source.smtp_server);
  for (const Protocol protocol : kProtocols) {
    const ServerFields& fields = server_fields(protocol);
    account.*fields.tls = source.*fields.tls;
    account.*fields.set_port = source.*fields.set_port;
    account.*fields.port = source.*fields.port;
  }
  account.ssl_certs_auto_accept = source.ssl_certs_auto_accept;
  account.use_nonblocking_ssl = source.use_nonblocking_ssl;
  account.use_tls_sni = source.use_tls_sni;
  copy_text(account.in_ssl_client_cert_file, source.in_ssl_client_cert_file);
  copy_text(account.out_ssl_client_cert_file, source.out_ssl_client_cert_file);
  account.set_gnutls_priority = source.set_gnutls_priority;
  copy_text(account.gnutls_priority, source.gnutls_priority);
  account.set_tunnelcmd = source.set_tunnelcmd;
  copy_text(account.tunnelcmd, source.tunnelcmd);
}

void copy_proxy(PrefsAccount& account, const PrefsAccount& source) {
  account.use_proxy = source.use_proxy;
  account.use_default_proxy = source.use_default_proxy;
  account.use_proxy_for_send = source.use_proxy_for_send;
  account.proxy_info.proxy_type = source.proxy_info.proxy_type;
  copy_text(account.proxy_info.proxy_host, source.proxy_info.proxy_host);
  account.proxy_info.proxy_port = source.proxy_info.proxy_port;
  account.proxy_info.use_proxy_auth = source.proxy_info.use_proxy_auth;
  copy_text(account.proxy_info.proxy_name, source.proxy_info.proxy_name);
}

/// For a source that receives by the other protocol.
MailServer other_server(const PrefsAccount& source, Protocol protocol, const Provider* provider) {
  if (provider) {
    const auto known = provider->servers.find(protocol);
    if (known != provider->servers.end()) return known->second;
  }
  return {text_of(source.recv_server), server_fields(protocol).tls_port, TlsMode::kTls};
}

void copy_receiving(PrefsAccount& account, const PrefsAccount& source) {
  account.filter_on_recv = source.filter_on_recv;
  account.filterhook_on_recv = source.filterhook_on_recv;
  account.autochk_use_default = source.autochk_use_default;
  account.autochk_use_custom = source.autochk_use_custom;
  account.autochk_itv = source.autochk_itv;
  account.recv_at_getall = TRUE;
  if (account.protocol == A_POP3) {
    account.rmmail = FALSE;  // Others read this mailbox, too.
    account.enable_size_limit = source.enable_size_limit;
    account.size_limit = source.size_limit;
    // Without a class the host takes the first inbox that there is, a person's own on the server.
    FolderItem* local = folder_get_default_inbox_for_class(F_MH);
    const GCharPtr inbox(local ? folder_item_get_identifier(local) : nullptr);
    const char* where = source.protocol == A_POP3 ? source.inbox : inbox.get();
    copy_text(account.inbox, where);
    copy_text(account.local_inbox, where);
  } else if (source.protocol == A_IMAP4) {
    copy_text(account.imap_dir, source.imap_dir);
    account.imap_subsonly = source.imap_subsonly;
    account.low_bandwidth = source.low_bandwidth;
  }
}

/// A folder that the person chose is used for this mailbox, too, unless it is one of the source's
/// own mailbox: what is sent for the team belongs to the team.
void copy_folder(gboolean& set, char*& folder, const PrefsAccount& source, gboolean chosen,
                 const char* name) {
  FolderItem* item = chosen && name && *name ? folder_find_item_from_identifier(name) : nullptr;
  if (!item || item->folder == source.folder) return;
  set = TRUE;
  copy_text(folder, name);
}

void set_folders(PrefsAccount& account, const PrefsAccount& source) {
  copy_folder(account.set_sent_folder, account.sent_folder, source, source.set_sent_folder,
              source.sent_folder);
  copy_folder(account.set_draft_folder, account.draft_folder, source, source.set_draft_folder,
              source.draft_folder);
  copy_folder(account.set_trash_folder, account.trash_folder, source, source.set_trash_folder,
              source.trash_folder);
  copy_folder(account.set_queue_folder, account.queue_folder, source, source.set_queue_folder,
              source.queue_folder);
  if (account.set_queue_folder) return;
  // In a queue on the server a colleague's program would find the message and send it once more.
  // Without a local mailbox it waits in the person's own, which no colleague opens.
  FolderItem* queue = folder_get_default_queue_for_class(F_MH);
  if (!queue && source.folder) queue = source.folder->queue;
  if (!queue) return;
  const GCharPtr local(folder_item_get_identifier(queue));
  account.set_queue_folder = TRUE;
  copy_text(account.queue_folder, local.get());
}

/// As a password's account would: what it is again once OAuth is turned off for it.
void set_login(PrefsAccount& account, const SavedFields& saved, const SharedMailbox& mailbox) {
  copy_text(account.userid, mailbox.address.c_str());
  const std::string& sender = saved.smtp_userid.empty() ? saved.userid : saved.smtp_userid;
  copy_text(account.smtp_userid, sender.c_str());
  account.use_smtp_auth = saved.use_smtp_auth;
  account.smtp_auth_type = static_cast<SMTPAuthType>(saved.smtp_auth_method);
  account.imap_auth_type = saved.imap_auth_method;
  account.use_pop_auth = saved.use_pop_auth;
  account.pop_auth_type = static_cast<POPAuthType>(saved.pop_auth_method);
}

}  // namespace

PrefsAccount* new_account(const PrefsAccount& source, const AccountIntent& intent,
                          const SharedMailbox& mailbox, const std::string& name,
                          const Provider* provider) {
  PrefsAccount* account = prefs_account_new();
  copy_text(account->account_name, name.c_str());
  copy_text(account->name, mailbox.address.c_str());
  copy_text(account->address, mailbox.address.c_str());
  copy_text(account->organization, source.organization);
  account->protocol = mailbox.pop ? A_POP3 : A_IMAP4;
  account->is_default = FALSE;
  account->config_version = source.config_version;
  copy_connection(*account, source);
  copy_proxy(*account, source);
  if (account->protocol != source.protocol) {
    const Protocol protocol = mailbox.pop ? Protocol::kPop : Protocol::kImap;
    write_server(account, protocol, other_server(source, protocol, provider));
    account->set_tunnelcmd = FALSE;
  }
  copy_receiving(*account, source);
  set_folders(*account, source);
  if (intent.saved) set_login(*account, *intent.saved, mailbox);
  store_intent(account, intent_for(mailbox, intent));
  return account;
}

}  // namespace mail_oauth::claws
