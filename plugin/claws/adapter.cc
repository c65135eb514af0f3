// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/adapter.h"

namespace mail_oauth::claws {

Adapter::Adapter()
    : engine_(std::make_shared<Engine>()),
      mover_(*engine_),
      hook_(std::make_shared<PasswordHook>(engine_)),
      mechanisms_(engine_),
      desk_(*engine_, follower_),
      shared_accounts_(*engine_, follower_),
      page_(*engine_, follower_, desk_, shared_accounts_) {
  // The hook comes first: from here on no account that follows is without an answer.
  follower_.when_followed([this] {
    mover_.accounts_followed();
    mechanisms_.accounts_changed();
    shared_accounts_.accounts_followed();
  });
  follower_.follow_all();
}

Adapter::~Adapter() { hook_->close(); }

}  // namespace mail_oauth::claws
