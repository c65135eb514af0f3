// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyring/items.h"

#include <algorithm>
#include <utility>

namespace mail_oauth::keyring {
namespace {

/// No proof takes longer, of the service's clock.
constexpr guint64 kProofSeconds = 10 * 60;

}  // namespace

Items shared(const Items& items) {
  Items same;
  for (const auto& item : items) same.push_back(GRef<SecretItem>::share(item.get()));
  return same;
}

bool holds_all(GHashTable* attributes, GHashTable* wanted) {
  GHashTableIter at;
  g_hash_table_iter_init(&at, wanted);
  gpointer name = nullptr;
  gpointer value = nullptr;
  while (g_hash_table_iter_next(&at, &name, &value)) {
    if (g_strcmp0(static_cast<const char*>(g_hash_table_lookup(attributes, name)),
                  static_cast<const char*>(value)) != 0) {
      return false;
    }
  }
  return true;
}

bool is_locked(const GRef<SecretItem>& item) { return secret_item_get_locked(item.get()) != FALSE; }

CPtr<GList, g_list_free> listed_if_locked(const Items& items) {
  GList* list = nullptr;
  for (const auto& item : items) {
    if (is_locked(item)) list = g_list_prepend(list, item.get());
  }
  return CPtr<GList, g_list_free>(list);
}

Items adopted(GList* list) {
  Items items;
  for (GList* at = list; at; at = at->next) {
    items.push_back(GRef<SecretItem>::adopt(SECRET_ITEM(at->data)));
  }
  g_list_free(list);
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
    return secret_item_get_modified(a.get()) > secret_item_get_modified(b.get());
  });
  return items;
}

void keep_own_and_old(Items& probes, const std::string& name) {
  const AttributesPtr wanted = attributes_of_probe(name);
  const auto is_own = [&wanted](const auto& probe) {
    const AttributesPtr its(secret_item_get_attributes(probe.get()));
    return holds_all(its.get(), wanted.get());
  };
  const auto own = std::find_if(probes.begin(), probes.end(), is_own);
  if (own == probes.end()) return probes.clear();
  const auto now = secret_item_get_modified(own->get());
  const auto in_use = [&is_own, now](const auto& probe) {
    return !is_own(probe) && secret_item_get_modified(probe.get()) + kProofSeconds > now;
  };
  probes.erase(std::remove_if(probes.begin(), probes.end(), in_use), probes.end());
}

}  // namespace mail_oauth::keyring
