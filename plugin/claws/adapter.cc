// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/adapter.h"

namespace mail_oauth::claws {

Adapter::Adapter()
    : engine_(std::make_shared<Engine>()),
      mover_(*engine_),
      notices_(std::make_shared<NoticeDesk>(engine_)),
      hook_(std::make_shared<PasswordHook>(engine_, notices_)),
      mechanisms_(engine_),
      desk_(*engine_, follower_),
      shared_accounts_(*engine_, follower_),
      take_overs_(*engine_),
      page_(*engine_, follower_, desk_, shared_accounts_, take_overs_) {
  // The hook comes first: from here on no account that follows is without an answer.
  follower_.when_followed([this] {
    mover_.accounts_followed();
    take_overs_.accounts_followed();
    mechanisms_.accounts_changed();
    shared_accounts_.accounts_followed();
    notices_->accounts_changed();
  });
  follower_.when_turned_off(
      [this](int id, const AccountIntent& intent) { take_overs_.turned_off(id, intent); });
  notices_->when_asked(
      [this](int id, const std::string& account, const AccountIntent& intent, SignInWay way) {
        if (!desk_.present(id, way)) desk_.start(id, account, intent, way);
      });
  engine_->listen({[this](const GrantKey& key, const Error& why) { notices_->ended(key, why); },
                   [this](const GrantKey& key) { notices_->signed_in(key); }});
  follower_.follow_all();
}

Adapter::~Adapter() {
  engine_->listen({});
  notices_->close();
  hook_->close();
}

}  // namespace mail_oauth::claws
