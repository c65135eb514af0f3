// SPDX-License-Identifier: GPL-3.0-or-later
//
// The core as this host uses it: providers, keyring, broker, put together. Main thread only.
#pragma once

#include "claws/password_hook.h"

namespace mail_oauth::claws {

class Engine : public TokenDesk {
 public:
  Result<TokenSource*> source() override;
  Result<GrantKey> grant(const AccountIntent& intent) override;
  std::string provider_name(const AccountIntent& intent) override;
};

}  // namespace mail_oauth::claws
