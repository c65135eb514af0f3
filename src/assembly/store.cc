// SPDX-License-Identifier: GPL-3.0-or-later
#include "assembly/store.h"

#include <utility>

namespace mail_oauth {

std::unique_ptr<TokenStore> open_store(Prompt prompt) {
  return std::make_unique<SecretServiceTokenStore>(prompt);
}

std::unique_ptr<TokenStore> open_store_briefly(Prompt prompt, Patience patience) {
  return std::make_unique<SecretServiceTokenStore>(prompt, Opening::kMayShare, std::move(patience));
}

}  // namespace mail_oauth
