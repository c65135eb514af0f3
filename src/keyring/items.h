// SPDX-License-Identifier: GPL-3.0-or-later
//
// Items that the Secret Service found. Pure, but for what libsecret has cached of them.
#pragma once

#include <libsecret/secret.h>

#include <string>
#include <vector>

#include "base/cptr.h"
#include "keyring/item_attributes.h"

namespace mail_oauth::keyring {

using Items = std::vector<GRef<SecretItem>>;

/// The same ones.
Items shared(const Items& items);
/// What libsecret gave, the newest first. Takes the list.
Items adopted(GList* list);
bool is_locked(const GRef<SecretItem>& item);
/// Nothing: none is locked. Borrows them.
CPtr<GList, g_list_free> listed_if_locked(const Items& items);
/// Whether each of the wanted names has its value.
bool holds_all(GHashTable* attributes, GHashTable* wanted);
/// Of the probes found: that of this name, and those that are so much older than it that no proof
/// can be using them; none where that of this name is missing.
void keep_own_and_old(Items& probes, const std::string& name);

}  // namespace mail_oauth::keyring
