// SPDX-License-Identifier: GPL-3.0-or-later
//
// How our items are named in the keyring: schema `org.mail_oauth.Grant`. Any thread.
#pragma once

#include <libsecret/secret.h>

#include <optional>
#include <string>

#include "base/cptr.h"
#include "oauth/grant.h"

namespace mail_oauth::keyring {

using AttributesPtr = CPtr<GHashTable, g_hash_table_unref>;

const SecretSchema* schema();

AttributesPtr attributes_of(const GrantKey& key);
AttributesPtr attributes_of(const ClientKey& key);
AttributesPtr attributes_of_all_grants();
/// `identity`: as in a GrantKey.
AttributesPtr attributes_of_grants_of(const std::string& identity);
/// Of an item that is only there to see whether one can be stored; `name` tells several apart.
AttributesPtr attributes_of_probe(const std::string& name);
AttributesPtr attributes_of_all_probes();

/// What people see in Seahorse, such as "mail-oauth: alice@contoso.com (microsoft365)".
std::string label_of(const GrantKey& key);
std::string label_of(const ClientKey& key);

/// Nothing when an attribute is missing.
std::optional<GrantKey> key_of(GHashTable* attributes);

}  // namespace mail_oauth::keyring
