// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/shared_accounts.h"

#include "base/guarded.h"
#include "claws/account_copy.h"
#include "claws/accounts.h"
#include "claws/mailbox_report.h"
#include "claws/notices.h"

namespace mail_oauth::claws {
namespace {

/// As the host names the window, in all languages.
constexpr char kListWindowRole[] = "account";

GtkWidget* open_list_window() {
  GtkWidget* found = nullptr;
  GList* windows = gtk_window_list_toplevels();
  for (GList* item = windows; item; item = item->next) {
    auto* window = static_cast<GtkWidget*>(item->data);
    const bool shown = gtk_widget_get_visible(window);
    if (shown && text_of(gtk_window_get_role(GTK_WINDOW(window))) == kListWindowRole)
      found = window;
  }
  g_list_free(windows);
  return found;
}

/// So that "Get mail" tries again, and brings the mail once the mailbox may be opened.
void add_inbox(Folder* folder) {
  FolderItem* inbox = folder_item_new(folder, "INBOX", "INBOX");
  if (!inbox) return;
  inbox->stype = F_INBOX;
  folder_item_append(FOLDER_ITEM(folder->node->data), inbox);
  folder->inbox = inbox;
}

/// "NAME was not added: WHY" or the like.
void tell_not_added(const SharedMailbox& mailbox, const Error& why) {
  tell(mailbox.address, make_error(why.kind, format(_("No account was added for {}. {}"),
                                                    {mailbox.address, why.what})));
}

}  // namespace

SharedAccounts::~SharedAccounts() {
  if (idle_) g_source_remove(idle_);
  stop_waiting();
}

void SharedAccounts::add(int source_account, const std::vector<SharedMailbox>& mailboxes) {
  for (const auto& mailbox : mailboxes) wanted_.push_back({source_account, mailbox});
}

void SharedAccounts::accounts_followed() {
  if (!wanted_.empty()) schedule();
}

void SharedAccounts::schedule() {
  if (!idle_) idle_ = g_idle_add(on_idle, this);
}

gboolean SharedAccounts::on_idle(gpointer data) {
  return guarded("shared mailbox", G_SOURCE_REMOVE, [&] {
    auto* self = static_cast<SharedAccounts*>(data);
    self->idle_ = 0;
    self->proceed();
    return G_SOURCE_REMOVE;
  });
}

void SharedAccounts::proceed() {
  if (making_ || wanted_.empty() || claws_is_exiting()) return;
  if (follower_.window_is_open()) return;  // accounts_followed() comes when it is closed.
  if (GtkWidget* list = open_list_window()) return wait_for(list);
  const Wanted wanted = wanted_.front();
  wanted_.pop_front();
  making_ = true;
  make(wanted);
  making_ = false;
  if (!wanted_.empty()) schedule();
}

void SharedAccounts::wait_for(GtkWidget* list_window) {
  if (list_window_) return;
  list_window_ = list_window;
  g_signal_connect(list_window_, "hide", G_CALLBACK(on_hide), this);
  tell(format(_("The account for {} is added as soon as the list of accounts is closed."),
              {wanted_.front().mailbox.address}));
}

void SharedAccounts::stop_waiting() {
  if (list_window_) g_signal_handlers_disconnect_by_data(list_window_, this);
  list_window_ = nullptr;
}

void SharedAccounts::on_hide(GtkWidget*, gpointer data) {
  guarded("list of accounts", [&] {
    auto* self = static_cast<SharedAccounts*>(data);
    self->stop_waiting();
    self->schedule();
  });
}

PrefsAccount* SharedAccounts::append(const Wanted& wanted) {
  PrefsAccount* source = account_find_from_id(wanted.source_account);
  auto intent = source ? stored_intent(source) : std::nullopt;
  if (!intent || !*intent || !(*intent)->enabled || !(*intent)->saved) {
    tell_not_added(wanted.mailbox,
                   make_error(Error::Kind::kConfig,
                              _("The account that it was to be made from does not sign in with "
                                "OAuth.")));
    return nullptr;
  }
  const auto views = account_views();
  if (const AccountView* there = account_with(wanted.mailbox.address, views)) {
    tell_not_added(wanted.mailbox, already_there(wanted.mailbox.address, there->name));
    return nullptr;
  }
  const auto provider = engine_.catalog().find((*intent)->provider);
  PrefsAccount* account =
      new_account(*source, **intent, wanted.mailbox,
                  account_name_for(wanted.mailbox.address, views), provider ? &*provider : nullptr);
  // The list has the source, so its head, which only the host can set, stays the same.
  [[maybe_unused]] const GList* head = g_list_append(account_get_list(), account);
  follower_.follow_all();
  prefs_account_write_config_all(account_get_list());
  main_window_set_account_menu(account_get_list());
  main_window_reflect_prefs_all();
  inc_account_autocheck_timer_set_interval(account);
  return account;
}

void SharedAccounts::make(const Wanted& wanted) {
  PrefsAccount* account = append(wanted);
  if (!account) return;
  tell(format(_("The account \"{}\" was added for the shared mailbox {}."),
              {text_of(account->account_name), wanted.mailbox.address}));
  if (account->protocol == A_IMAP4) make_folders(account);
}

void SharedAccounts::make_folders(PrefsAccount* account) {
  Folder* folder =
      folder_new(folder_get_class_from_string("imap"), account->account_name, account->recv_server);
  if (!folder) return;  // The host makes missing ones at its next start.
  folder->account = account;
  account->folder = folder;
  folder_add(folder);
  folderview_set_all();
  folder_write_list();

  auto report = std::make_unique<MailboxReport>(*account);
  const int id = account->account_id;
  folderview_rescan_tree(folder, FALSE);
  // The host's window is modal while it reads, but not for what comes from outside.
  if (account_find_from_id(id) != account || account->folder != folder) return;
  if (folder->inbox) return;
  add_inbox(folder);
  folderview_set_all();
  folder_write_list();
  MailboxReport::tell_soon(std::move(report));
}

}  // namespace mail_oauth::claws
