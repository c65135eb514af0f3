// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/notice_desk.h"

#include <algorithm>

#include "claws/accounts.h"
#include "claws/attention_words.h"
#include "claws/notices.h"
#include "claws/password_hook.h"
#include "claws/receiving.h"

namespace mail_oauth::claws {
namespace {

WallTime now() { return std::chrono::system_clock::now(); }

}  // namespace

NoticeDesk::NoticeDesk(std::shared_ptr<TokenDesk> tokens)
    : tokens_(std::move(tokens)),
      bar_(std::make_unique<NoticeBar>(NoticeBar::Reactions{
          [this](const GrantKey& grant, SignInWay way) { sign_in(grant, way); },
          [this](const GrantKey& grant) { return offers_code(grant); }})) {}

void NoticeDesk::close() {
  bar_.reset();
  notifier_.reset();
  sign_in_ = nullptr;
  logged_in_ = nullptr;
}

void NoticeDesk::no_token(const AccountView& account, const Error& error) {
  login_failed();
  const GrantKey grant = key_of(*account.intent);
  if (attention_.no_token(account.name, grant, error, now())) {
    announce([&](const auto& mark) { return mark.grant == grant; });
  }
  refresh();
}

void NoticeDesk::token_came(const GrantKey& grant) {
  attention_.token_came(grant);
  refresh();
}

void NoticeDesk::ended(const GrantKey& grant, const Error& error) {
  const auto accounts = accounts_of(grant);
  if (!accounts.empty()) no_token(accounts.front(), error);
}

void NoticeDesk::signed_in(const GrantKey& grant) {
  const auto marks = attention_.marks();
  const bool waited = std::any_of(marks.begin(), marks.end(), [&](const auto& mark) {
    return mark.grant == grant && mark.offers_sign_in();
  });
  token_came(grant);
  if (!waited || !bar_) return;
  std::vector<int> ids;
  for (const auto& account : accounts_of(grant)) ids.push_back(account.id);
  receive_soon(std::move(ids));
}

void NoticeDesk::login_refused(const AccountView& account, Protocol protocol, const Error& error,
                               bool doubtful) {
  login_failed();
  if (attention_.login_refused(account.id, account.name, protocol, error, doubtful, now())) {
    tell(account.name, error);
    announce([&](const auto& mark) { return mark.account_id == account.id; });
  }
  refresh();
}

void NoticeDesk::use_refused(const AccountView& account, Protocol protocol, const Error& error) {
  if (attention_.use_refused(account.id, account.name, protocol, error)) {
    tell(account.name, error);
    announce([&](const auto& mark) { return mark.account_id == account.id; });
  }
  refresh();
}

void NoticeDesk::login_accepted(int account_id, Protocol protocol) {
  attention_.login_accepted(account_id, protocol);
  refresh();
  if (logged_in_) logged_in_(account_id, protocol);
}

void NoticeDesk::use_accepted(int account_id, Protocol protocol) {
  attention_.use_accepted(account_id, protocol);
  refresh();
}

void NoticeDesk::accounts_changed() {
  std::vector<GrantKey> grants;
  std::vector<int> ids;
  for (const auto& account : account_views()) {
    if (!account.intent) continue;
    grants.push_back(key_of(*account.intent));
    ids.push_back(account.id);
  }
  attention_.keep_only(grants, ids);
  refresh();
}

/// Its provider or client may be unknown just now; the account has its trouble all the same.
GrantKey NoticeDesk::key_of(const AccountIntent& intent) const {
  auto key = tokens_->grant(intent);
  if (key) return std::move(*key);
  return grant_key({intent.provider, intent.client, intent.tenant}, intent.identity);
}

std::vector<AccountView> NoticeDesk::accounts_of(const GrantKey& grant) const {
  auto accounts = account_views();
  const auto other = [&](const AccountView& account) {
    return !account.intent || !(key_of(*account.intent) == grant);
  };
  accounts.erase(std::remove_if(accounts.begin(), accounts.end(), other), accounts.end());
  return accounts;
}

void NoticeDesk::sign_in(const GrantKey& grant, SignInWay way) {
  const auto accounts = accounts_of(grant);
  if (accounts.empty() || !sign_in_) return;
  sign_in_(accounts.front().id, accounts.front().name, *accounts.front().intent, way);
}

bool NoticeDesk::offers_code(const GrantKey& grant) const {
  const auto accounts = accounts_of(grant);
  return !accounts.empty() && tokens_->offers_code(*accounts.front().intent);
}

void NoticeDesk::announce(const std::function<bool(const Attention::Mark&)>& which) {
  const auto marks = attention_.marks();
  const auto mark = std::find_if(marks.begin(), marks.end(), which);
  if (mark == marks.end() || !notifier_) return;
  notifier_->show(headline(*mark), notification_body(*mark));
}

void NoticeDesk::refresh() {
  if (bar_) bar_->show(attention_.marks());
}

}  // namespace mail_oauth::claws
