// SPDX-License-Identifier: GPL-3.0-or-later
//
// The store that holds everybody's grants, the same for every way in: whoever signs in with one of
// them is found by the others.
#pragma once

#include <memory>

#include "keyring/secret_service_store.h"
#include "ports/token_store.h"

namespace mail_oauth {

/// Asks nobody anything yet. The answers' context as with any TokenStore.
std::unique_ptr<TokenStore> open_store(Prompt prompt);

/// For a program that ends soon. One thread.
std::unique_ptr<TokenStore> open_store_briefly(Prompt prompt, Patience patience);

}  // namespace mail_oauth
