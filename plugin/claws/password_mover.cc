// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/password_mover.h"

#include <algorithm>
#include <array>
#include <vector>

#include "claws/accounts.h"
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

bool copy_to_theirs(int account, const char* entry, const std::string& name) {
  const PasswordPtr ours(passwd_store_get(PWS_PLUGIN, kBlock, name.c_str()));
  if (!ours) return false;
  return passwd_store_set_account(account, entry, ours.get(), FALSE);
}

void wipe_and_forget(char*& text) {
  if (text) WipeAndFree{}(text);
  text = nullptr;
}

}  // namespace

PasswordOwner password_owner(const PrefsAccount& account, const SavedFields& fields) {
  return {account.account_id, fields.userid, fields.smtp_userid, text_of(account.recv_server),
          text_of(account.smtp_server)};
}

PasswordPtr put_away_entry(const PasswordOwner& owner, const char* entry) {
  const std::string name = our_name(owner, entry);
  if (!passwd_store_has_password(PWS_PLUGIN, kBlock, name.c_str())) return nullptr;
  return PasswordPtr(passwd_store_get(PWS_PLUGIN, kBlock, name.c_str()));
}

void wipe_session_passwords(PrefsAccount* account) {
  wipe_and_forget(account->session_passwd);
  wipe_and_forget(account->session_smtp_passwd);
}

bool put_passwords_away(PrefsAccount* account, const PasswordOwner& owner) {
  wipe_session_passwords(account);
  std::vector<const char*> copied;
  std::vector<std::string> names;
  bool all = true;
  for (const char* entry : kEntries) {
    if (!passwd_store_has_password_account(owner.account_id, entry)) continue;
    const std::string name = our_name(owner, entry);
    if (copy_to_ours(owner.account_id, entry, name)) {
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

}  // namespace mail_oauth::claws
