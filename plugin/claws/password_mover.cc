// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/password_mover.h"

#include <algorithm>
#include <array>
#include <vector>

#include "codec/form.h"

namespace mail_oauth::claws {
namespace {

constexpr const char* kBlock = kPasswordBlock;

constexpr std::array<const char*, 5> kEntries = {
    PWS_ACCOUNT_RECV, PWS_ACCOUNT_SEND, PWS_ACCOUNT_OAUTH2_AUTH, PWS_ACCOUNT_OAUTH2_REFRESH,
    PWS_ACCOUNT_OAUTH2_EXPIRY};

/// "3:recv:alice%40example.org:imap.example.org": a line of the store is cut at spaces.
std::string our_name(const PasswordOwner& owner, const std::string& entry) {
  const bool sends = entry == PWS_ACCOUNT_SEND;
  return std::to_string(owner.account_id) + ":" + entry + ":" +
         percent_encoded(sends ? owner.smtp_user : owner.user) + ":" +
         percent_encoded(sends ? owner.smtp_server : owner.recv_server);
}

/// Copies, and reads the copy back. False, too, when the primary passphrase is not given: then the
/// host can neither decrypt nor encrypt.
bool copy_to_ours(int account, const char* entry, const std::string& name) {
  const PasswordPtr theirs(passwd_store_get_account(account, entry));
  if (!theirs) return false;  // Cannot be decrypted: primary passphrase not given.
  if (!passwd_store_set(PWS_PLUGIN, kBlock, name.c_str(), theirs.get(), FALSE)) return false;
  const PasswordPtr ours(passwd_store_get(PWS_PLUGIN, kBlock, name.c_str()));
  return ours && strcmp(ours.get(), theirs.get()) == 0;
}

/// Writes the store, and looks for the entries in the file: the host reports no failure to write.
bool write_to_disk(const std::vector<std::string>& names) {
  passwd_store_write_config();
  return std::all_of(names.begin(), names.end(),
                     [](const std::string& name) { return !entry_on_disk(name).empty(); });
}

bool is_password(const char* entry) {
  return strcmp(entry, PWS_ACCOUNT_RECV) == 0 || strcmp(entry, PWS_ACCOUNT_SEND) == 0;
}

/// Whether the host's own OAuth has fetched tokens since, which stand in the passwords' places,
/// too. A time alone says nothing: the host writes "0" with every account window that is saved.
bool hosts_tokens_stand(int account) {
  if (passwd_store_has_password_account(account, PWS_ACCOUNT_OAUTH2_REFRESH)) return true;
  if (!passwd_store_has_password_account(account, PWS_ACCOUNT_OAUTH2_EXPIRY)) return false;
  const PasswordPtr until(passwd_store_get_account(account, PWS_ACCOUNT_OAUTH2_EXPIRY));
  return until && strcmp(until.get(), "0") != 0;
}

bool is_meant(const char* entry, Entries entries) {
  if (strcmp(entry, PWS_ACCOUNT_RECV) == 0) return entries.receiving;
  return strcmp(entry, PWS_ACCOUNT_SEND) != 0 || entries.sending;
}

bool copy_to_theirs(int account, const char* entry, const std::string& name) {
  const PasswordPtr ours(passwd_store_get(PWS_PLUGIN, kBlock, name.c_str()));
  if (!ours) return false;
  return passwd_store_set_account(account, entry, ours.get(), FALSE);
}

void wipe_text(char*& text, bool window_is_open) {
  if (!text) return;
  if (window_is_open) {
    wipe(text, strlen(text));
  } else {
    WipeAndFree{}(text);
  }
  text = nullptr;
}

}  // namespace

PasswordOwner password_owner(const PasswordOwner& now, const SavedFields& saved) {
  return {now.account_id, saved.userid, saved.smtp_userid,
          saved.recv_server.empty() ? now.recv_server : saved.recv_server,
          saved.smtp_server.empty() ? now.smtp_server : saved.smtp_server};
}

PasswordPtr put_away_entry(const PasswordOwner& owner, const char* entry) {
  const std::string name = our_name(owner, entry);
  if (!passwd_store_has_password(PWS_PLUGIN, kBlock, name.c_str())) return nullptr;
  return PasswordPtr(passwd_store_get(PWS_PLUGIN, kBlock, name.c_str()));
}

void wipe_session_passwords(PrefsAccount* account, Entries entries, bool window_is_open) {
  if (entries.receiving) wipe_text(account->session_passwd, window_is_open);
  if (entries.sending) wipe_text(account->session_smtp_passwd, window_is_open);
}

bool has_password_of_its_own(const PrefsAccount& account, const PasswordOwner& now, bool sends) {
  if (sends ? account.session_smtp_passwd : account.session_passwd) return true;
  // Without a name of its own it sends with what it receives with.
  const char* entry = sends && !now.smtp_user.empty() ? PWS_ACCOUNT_SEND : PWS_ACCOUNT_RECV;
  return passwd_store_has_password_account(account.account_id, entry) != FALSE;
}

bool put_passwords_away(const PasswordOwner& owner, Entries entries) {
  std::vector<const char*> copied;
  std::vector<std::string> names;
  bool all = true;
  const bool renewed = entries.lent &&
                       passwd_store_has_password_account(owner.account_id, PWS_ACCOUNT_RECV) &&
                       is_lent_password(owner) == true;
  const bool tokens = hosts_tokens_stand(owner.account_id);
  for (const char* entry : kEntries) {
    if (!is_meant(entry, entries)) continue;
    if (!passwd_store_has_password_account(owner.account_id, entry)) continue;
    const std::string name = our_name(owner, entry);
    const bool kept =
        tokens && is_password(entry) && passwd_store_has_password(PWS_PLUGIN, kBlock, name.c_str());
    if (kept || copy_to_ours(owner.account_id, entry, name)) {
      copied.push_back(entry);
      names.push_back(name);
    } else {
      all = false;
    }
  }
  if (copied.empty()) return all;
  if (!write_to_disk(names)) return false;
  for (const char* entry : copied) {
    passwd_store_set_account(owner.account_id, entry, nullptr, FALSE);
  }
  if (renewed)
    copy_to_theirs(owner.account_id, PWS_ACCOUNT_SEND, our_name(owner, PWS_ACCOUNT_RECV));
  passwd_store_write_config();
  return all;
}

bool bring_passwords_back(const PasswordOwner& owner) {
  bool any = false;
  bool all = true;
  for (const char* entry : kEntries) {
    const std::string name = our_name(owner, entry);
    if (!passwd_store_has_password(PWS_PLUGIN, kBlock, name.c_str())) continue;
    if (!passwd_store_has_password_account(owner.account_id, entry) ||
        strcmp(entry, PWS_ACCOUNT_OAUTH2_EXPIRY) == 0) {
      all = copy_to_theirs(owner.account_id, entry, name) && all;
    }
    any = true;
  }
  if (!any || !all) return all;
  passwd_store_write_config();
  for (const char* entry : kEntries) {
    passwd_store_set(PWS_PLUGIN, kBlock, our_name(owner, entry).c_str(), nullptr, FALSE);
  }
  passwd_store_write_config();
  return true;
}

bool bring_password_back(const PasswordOwner& owner, const char* entry) {
  const std::string name = our_name(owner, entry);
  if (!passwd_store_has_password(PWS_PLUGIN, kBlock, name.c_str())) return true;
  if (!passwd_store_has_password_account(owner.account_id, entry) &&
      !copy_to_theirs(owner.account_id, entry, name))
    return false;
  passwd_store_write_config();
  passwd_store_set(PWS_PLUGIN, kBlock, name.c_str(), nullptr, FALSE);
  passwd_store_write_config();
  return true;
}

bool can_lend_password(const PasswordOwner& owner) {
  const auto is_ours = [&](const char* entry) {
    return passwd_store_has_password(PWS_PLUGIN, kBlock, our_name(owner, entry).c_str()) != FALSE;
  };
  return !passwd_store_has_password_account(owner.account_id, PWS_ACCOUNT_SEND) &&
         !is_ours(PWS_ACCOUNT_SEND) && is_ours(PWS_ACCOUNT_RECV);
}

bool lend_password_for_sending(const PasswordOwner& owner) {
  if (!can_lend_password(owner)) return true;
  if (!copy_to_theirs(owner.account_id, PWS_ACCOUNT_SEND, our_name(owner, PWS_ACCOUNT_RECV)))
    return false;
  passwd_store_write_config();
  return true;
}

std::optional<bool> is_lent_password(const PasswordOwner& owner) {
  if (!passwd_store_has_password_account(owner.account_id, PWS_ACCOUNT_SEND)) return std::nullopt;
  const PasswordPtr ours = put_away_entry(owner, PWS_ACCOUNT_RECV);
  const PasswordPtr theirs(passwd_store_get_account(owner.account_id, PWS_ACCOUNT_SEND));
  if (!ours || !theirs) return std::nullopt;
  return strcmp(ours.get(), theirs.get()) == 0;
}

void take_lent_password_back(int account_id) {
  passwd_store_set_account(account_id, PWS_ACCOUNT_SEND, nullptr, FALSE);
  passwd_store_write_config();
}

}  // namespace mail_oauth::claws
