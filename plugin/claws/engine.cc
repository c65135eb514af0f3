// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/engine.h"

namespace mail_oauth::claws {

Result<TokenSource*> Engine::source() {
  return make_error(Error::Kind::kReauthorize, _("Nobody is signed in for this account."));
}

Result<GrantKey> Engine::grant(const AccountIntent& intent) {
  return GrantKey{{intent.provider, intent.client, intent.tenant}, intent.identity};
}

std::string Engine::provider_name(const AccountIntent& intent) { return intent.provider; }

}  // namespace mail_oauth::claws
