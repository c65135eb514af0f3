// SPDX-License-Identifier: GPL-3.0-or-later
#include "assembly/store.h"

namespace mail_oauth {

std::unique_ptr<TokenStore> open_store(Prompt prompt) {
  return std::make_unique<SecretServiceTokenStore>(prompt);
}

std::unique_ptr<TokenStore> open_store_briefly(Prompt prompt) {
  return std::make_unique<SecretServiceTokenStore>(prompt, Opening::kMayShare);
}

}  // namespace mail_oauth
