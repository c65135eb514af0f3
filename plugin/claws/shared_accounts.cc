// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/shared_accounts.h"

#include <utility>

#include "claws/account_copy.h"
#include "claws/accounts.h"
#include "claws/mailbox_report.h"
#include "claws/notices.h"

namespace mail_oauth::claws {
namespace {

/// "NAME was not added: WHY" or the like.
void tell_not_added(const SharedMailbox& mailbox, const Error& why) {
  tell(mailbox.address, make_error(why.kind, format(_("No account was added for {}. {}"),
                                                    {mailbox.address, why.what})));
}

}  // namespace

void SharedAccounts::add(int source_account, const std::vector<SharedMailbox>& mailboxes) {
  for (const auto& mailbox : mailboxes) wanted_.push_back({source_account, mailbox});
}

void SharedAccounts::accounts_followed() {
  if (!wanted_.empty()) schedule();
}

void SharedAccounts::schedule() {
  if (std::exchange(asked_, true)) return;
  if (AccountGate::list_is_open()) {
    tell(format(_("The account for {} is added as soon as the list of accounts is closed."),
                {wanted_.front().mailbox.address}));
  }
  gate_.in_turn(AccountGate::Windows::kNone, [this] {
    asked_ = false;
    proceed();
  });
}

void SharedAccounts::proceed() {
  if (making_ || wanted_.empty() || claws_is_exiting()) return;
  const Wanted wanted = wanted_.front();
  wanted_.pop_front();
  making_ = true;
  make(wanted);
  making_ = false;
  if (!wanted_.empty()) schedule();
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
  const auto provider = engine_.provider((*intent)->provider);
  PrefsAccount* account =
      new_account(*source, **intent, wanted.mailbox,
                  account_name_for(wanted.mailbox.address, views), provider ? &*provider : nullptr);
  // The list has the source, so its head, which only the host can set, stays the same.
  [[maybe_unused]] const GList* head = g_list_append(account_get_list(), account);
  follower_.follow_all();
  gate_.write();
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
  auto report = std::make_unique<MailboxReport>(*account);
  const int id = account->account_id;
  if (folders_.read_now(account) || account_find_from_id(id) != account) return;
  MailboxReport::tell_soon(std::move(report));
}

}  // namespace mail_oauth::claws
