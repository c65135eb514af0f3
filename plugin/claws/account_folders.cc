// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/account_folders.h"

#include <algorithm>

#include "base/guarded.h"
#include "claws/accounts.h"
#include "claws/receiving.h"

namespace mail_oauth::claws {
namespace {

/// Between two looks whether the host fetches mail: nothing tells when it has finished.
constexpr guint kPause = 200;

bool is_managed_imap(PrefsAccount* account) {
  if (account->protocol != A_IMAP4) return false;
  const auto intent = stored_intent(account);
  return intent && *intent && (*intent)->enabled && (*intent)->saved;
}

/// The host makes the special folders in the same run in which it reads the tree: where there is
/// none of them, it never read it.
bool was_read(const Folder* folder) {
  return folder && folder->inbox &&
         (folder->outbox || folder->draft || folder->queue || folder->trash);
}

/// As the host's account_add() does, but for the login.
Folder* folder_of(PrefsAccount* account) {
  if (account->folder) return account->folder;
  Folder* folder =
      folder_new(folder_get_class_from_string("imap"), account->account_name, account->recv_server);
  if (!folder) return nullptr;
  folder->account = account;
  account->folder = folder;
  folder_add(folder);
  folderview_set_all();
  folder_write_list();
  return folder;
}

/// So that "Get mail" tries again, and brings the mail once the mailbox may be opened.
void add_inbox(Folder* folder) {
  FolderItem* inbox = folder_item_new(folder, "INBOX", "INBOX");
  if (!inbox) return;
  inbox->stype = F_INBOX;
  folder_item_append(FOLDER_ITEM(folder->node->data), inbox);
  folder->inbox = inbox;
  folderview_set_all();
  folder_write_list();
}

}  // namespace

AccountFolders::AccountFolders(Engine& engine, AccountGate& gate) : engine_(engine), gate_(gate) {
  online_hook_ = hooks_register_hook(OFFLINE_SWITCH_HOOKLIST, on_online, this);
}

AccountFolders::~AccountFolders() {
  if (timer_) g_source_remove(timer_);
  hooks_unregister_hook(OFFLINE_SWITCH_HOOKLIST, online_hook_);
}

void AccountFolders::accounts_followed() {
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    if (is_managed_imap(account)) folder_of(account);
  }
  want_unread();
}

void AccountFolders::want_unread() {
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    const Folder* folder = account->folder;
    if (!folder || folder->inbox || !is_managed_imap(account)) continue;
    login_failed();  // The host may have tried just now, at its start or when the account was made.
    want(account->account_id);
  }
}

void AccountFolders::signed_in(const GrantKey& grant) {
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    const auto intent = stored_intent(account);
    if (!intent || !*intent) continue;
    const auto key = engine_.grant(**intent);
    if (!key || !(*key == grant) || was_read(account->folder)) continue;
    tried_.erase(account->account_id);
    want(account->account_id);
  }
}

void AccountFolders::login_accepted(int account_id) {
  const auto tried = tried_.find(account_id);
  if (reading_ || tried == tried_.end() || tried->second == Tried::kAfterLogin) return;
  tried->second = Tried::kAfterLogin;
  want(account_id);
}

void AccountFolders::want(int account_id) {
  wanted_.insert(account_id);
  schedule();
}

void AccountFolders::schedule() {
  if (timer_ || asked_) return;
  timer_ = g_timeout_add(std::max(kPause, pause_after_failure()), on_timer, this);
}

gboolean AccountFolders::on_online(gpointer, gpointer data) {
  return guarded("folders", FALSE, [&] {
    if (!prefs_common.work_offline) static_cast<AccountFolders*>(data)->want_unread();
    return FALSE;
  });
}

gboolean AccountFolders::on_timer(gpointer data) {
  return guarded("folders", G_SOURCE_REMOVE, [&]() -> gboolean {
    auto* self = static_cast<AccountFolders*>(data);
    self->timer_ = 0;
    self->asked_ = true;
    self->gate_.in_turn(AccountGate::Windows::kNone, [self] {
      self->asked_ = false;
      self->read_wanted();
    });
    return G_SOURCE_REMOVE;
  });
}

void AccountFolders::read_wanted() {
  if (claws_is_exiting()) return;
  // The host fetches or sends, or a login failed while this waited for its turn.
  if (inc_lock_count > 0 || reading_ || pause_after_failure() > 0) return schedule();
  std::set<int> wanted;
  wanted.swap(wanted_);
  if (prefs_common.work_offline) return;  // on_online()
  std::vector<int> read;
  for (const int id : wanted) {
    PrefsAccount* account = account_find_from_id(id);
    if (!account || !is_managed_imap(account) || was_read(account->folder)) continue;
    if (read_now(account)) read.push_back(id);
  }
  receive_soon(std::move(read));
}

bool AccountFolders::read_now(PrefsAccount* account) {
  const int id = account->account_id;
  Folder* folder = folder_of(account);
  if (!folder) return false;
  tried_.emplace(id, Tried::kOnce);
  wanted_.erase(id);
  reading_ = true;
  folderview_rescan_tree(folder, FALSE);
  reading_ = false;
  // The host's window is modal while it reads, but not for what comes from outside.
  if (account_find_from_id(id) != account || account->folder != folder) return false;
  if (was_read(folder)) {
    tried_.erase(id);
    return true;
  }
  login_failed();
  if (!folder->inbox) add_inbox(folder);
  return false;
}

}  // namespace mail_oauth::claws
