// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/adapter.h"

namespace mail_oauth::claws {

Adapter::Adapter()
    : engine_(std::make_shared<Engine>()),
      follower_(gate_),
      mover_(*engine_, gate_),
      notices_(std::make_shared<NoticeDesk>(engine_)),
      hook_(std::make_shared<PasswordHook>(engine_, notices_)),
      mechanisms_(engine_),
      desk_(*engine_, follower_),
      folders_(*engine_, gate_),
      shared_accounts_(*engine_, follower_, gate_, folders_),
      take_overs_(*engine_, gate_),
      offers_(*engine_, follower_, gate_, desk_),
      page_(*engine_, follower_, desk_, shared_accounts_, take_overs_),
      deleted_(*engine_, gate_) {
  // The hook comes first: from here on no account that follows is without an answer.
  follower_.when_followed([this] {
    mover_.accounts_followed();
    take_overs_.accounts_followed();
    mechanisms_.accounts_changed();
    folders_.accounts_followed();
    shared_accounts_.accounts_followed();
    deleted_.accounts_followed();
    notices_->accounts_changed();
    offers_.accounts_followed();
  });
  follower_.when_about_to([this] { deleted_.notice(); });
  deleted_.when_gone([this](int id) {
    gate_.forget(id);
    follower_.forget(id);
  });
  follower_.know_providers([this](const std::string& id) -> std::optional<Provider> {
    const auto provider = engine_->provider(id);
    return provider ? std::optional(*provider) : std::nullopt;
  });
  follower_.when_turned_off(
      [this](int id, const AccountIntent& intent) { take_overs_.turned_off(id, intent); });
  notices_->when_asked(
      [this](int id, const std::string& account, const AccountIntent& intent, SignInWay way) {
        if (!desk_.present(id, account, way)) desk_.start(id, account, intent, way);
      });
  notices_->when_logged_in([this](int id, Protocol protocol) {
    if (protocol == Protocol::kImap) folders_.login_accepted(id);
  });
  engine_->listen({[this](const GrantKey& key, const Error& why) { notices_->ended(key, why); },
                   [this](const GrantKey& key) {
                     notices_->signed_in(key);
                     folders_.signed_in(key);
                   }});
  // A person may load it while the host is in the middle of a login.
  if (gate_.is_free()) {
    follower_.follow_all();
  } else {
    follower_.schedule();
  }
}

Adapter::~Adapter() {
  engine_->listen({});
  notices_->close();
  hook_->close();
}

}  // namespace mail_oauth::claws
