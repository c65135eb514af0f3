// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyring/item_attributes.h"

#include <initializer_list>
#include <utility>

#include "base/i18n.h"

namespace mail_oauth::keyring {
namespace {

AttributesPtr table(std::initializer_list<std::pair<const char*, std::string>> pairs) {
  AttributesPtr made(g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free));
  for (const auto& pair : pairs) {
    g_hash_table_insert(made.get(), g_strdup(pair.first), g_strdup(pair.second.c_str()));
  }
  return made;
}

}  // namespace

const SecretSchema* schema() {
  static const SecretSchema made = [] {
    SecretSchema fresh = {};
    fresh.name = "org.mail_oauth.Grant";
    fresh.flags = SECRET_SCHEMA_NONE;
    int at = 0;
    for (const char* name : {"kind", "provider", "client", "tenant", "identity"}) {
      fresh.attributes[at++] = {name, SECRET_SCHEMA_ATTRIBUTE_STRING};
    }
    return fresh;
  }();
  return &made;
}

AttributesPtr attributes_of(const GrantKey& key) {
  return table({{"kind", "grant"},
                {"provider", key.client.provider},
                {"client", key.client.client},
                {"tenant", key.client.tenant},
                {"identity", key.identity}});
}

AttributesPtr attributes_of(const ClientKey& key) {
  return table({{"kind", "client"},
                {"provider", key.provider},
                {"client", key.client},
                {"tenant", key.tenant}});
}

AttributesPtr attributes_of_all_grants() { return table({{"kind", "grant"}}); }

AttributesPtr attributes_of_grants_of(const std::string& identity) {
  return table({{"kind", "grant"}, {"identity", identity}});
}

AttributesPtr attributes_of_all_probes() { return table({{"kind", "probe"}}); }

AttributesPtr attributes_of_probe(const std::string& name) {
  return table({{"kind", "probe"}, {"client", name}});
}

std::string label_of(const GrantKey& key) {
  return "mail-oauth: " + key.identity + " (" + key.client.provider + ")";
}

std::string label_of(const ClientKey& key) {
  return "mail-oauth: " + format(_("client secret of {}"), {key.client}) + " (" + key.provider +
         ")";
}

std::optional<GrantKey> key_of(GHashTable* attributes) {
  GrantKey key;
  const std::initializer_list<std::pair<const char*, std::string*>> wanted = {
      {"provider", &key.client.provider},
      {"client", &key.client.client},
      {"tenant", &key.client.tenant},
      {"identity", &key.identity}};
  for (const auto& field : wanted) {
    const auto* value = static_cast<const char*>(g_hash_table_lookup(attributes, field.first));
    if (!value) return std::nullopt;
    *field.second = value;
  }
  return key;
}

}  // namespace mail_oauth::keyring
