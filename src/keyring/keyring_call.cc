// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyring/keyring_call.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/guarded.h"
#include "base/secret_arena.h"
#include "base/source.h"
#include "keyring/keyring_error.h"

namespace mail_oauth::keyring {
namespace {

struct Step {
  std::shared_ptr<KeyringCall> call;
  std::function<void(GObject*, GAsyncResult*)> ready;
};

extern "C" void wipe_and_free(gpointer text) {
  wipe(text, std::strlen(static_cast<char*>(text)));
  g_free(text);
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

}  // namespace

KeyringCall::KeyringCall(bool may_prompt, Fail fail)
    : may_prompt_(may_prompt),
      fail_(std::move(fail)),
      cancellable_(GRef<GCancellable>::adopt(g_cancellable_new())) {}

void KeyringCall::cancel() { g_cancellable_cancel(cancellable_.get()); }

void KeyringCall::ready(GObject* source, GAsyncResult* result, gpointer data) {
  guarded("keyring", [&] {
    const std::unique_ptr<Step> step(static_cast<Step*>(data));
    if (!g_cancellable_is_cancelled(step->call->cancellable_.get())) step->ready(source, result);
  });
}

gpointer KeyringCall::next(Ready ready) { return new Step{shared_from_this(), std::move(ready)}; }

bool KeyringCall::failed(GError* error) {
  const GErrorPtr owned(error);
  if (owned) fail_(from_gerror(owned.get()));
  return owned != nullptr;
}

void KeyringCall::open(Then then) {
  if (!bus_is_named()) {
    return post(current_context().get(), [self = shared_from_this()] {
      if (!g_cancellable_is_cancelled(self->cancellable_.get())) self->fail_(no_bus());
    });
  }
  const auto opened = [this, then = std::move(then)](GObject*, GAsyncResult* result) {
    GError* error = nullptr;
    service_ = GRef<SecretService>::adopt(secret_service_open_finish(result, &error));
    if (!failed(error)) then();
  };
  g_bus_get(G_BUS_TYPE_SESSION, cancellable_.get(), ready,
            next([this, opened](GObject*, GAsyncResult* result) {
              GError* error = nullptr;
              const auto bus = GRef<GDBusConnection>::adopt(g_bus_get_finish(result, &error));
              const GErrorPtr owned(error);
              if (!bus) return fail_(no_bus());
              // A session bus that goes away must not take us, or our host, with it.
              g_dbus_connection_set_exit_on_close(bus.get(), FALSE);
              secret_service_open(SECRET_TYPE_SERVICE, nullptr, SECRET_SERVICE_OPEN_SESSION,
                                  cancellable_.get(), ready, next(opened));
            }));
}

void KeyringCall::search(GHashTable* attributes, int flags, std::function<void(Items)> then) {
  secret_service_search(service_.get(), schema(), attributes, static_cast<SecretSearchFlags>(flags),
                        cancellable_.get(), ready,
                        next([this, then = std::move(then)](GObject*, GAsyncResult* result) {
                          GError* error = nullptr;
                          GList* list =
                              secret_service_search_finish(service_.get(), result, &error);
                          if (!failed(error)) then(adopted(list));
                        }));
}

void KeyringCall::find_names(AttributesPtr attributes, std::function<void(Items)> then) {
  may_prompt_ = false;
  search(attributes.get(), SECRET_SEARCH_ALL, [this, then = std::move(then)](Items items) {
    if (!items.empty()) return then(std::move(items));
    unlock_default(false, [then] { then(Items()); });
  });
}

void KeyringCall::find(AttributesPtr attributes, std::function<void(Items)> then) {
  const int flags = SECRET_SEARCH_ALL | (may_prompt_ ? SECRET_SEARCH_UNLOCK : 0);
  const auto take = [this, then = std::move(then)](Items items) {
    for (const auto& item : items) {
      if (secret_item_get_locked(item.get())) return fail_(locked());
    }
    then(std::move(items));
  };
  const std::shared_ptr<GHashTable> kept(attributes.release(), g_hash_table_unref);
  search(kept.get(), flags, [this, kept, flags, take](Items items) {
    if (!items.empty()) return take(std::move(items));
    unlock_default(false, [this, kept, flags, take] { search(kept.get(), flags, take); });
  });
}

void KeyringCall::unlock_default(bool needed, Then then) {
  secret_collection_for_alias(
      service_.get(), SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, cancellable_.get(), ready,
      next([this, needed, then = std::move(then)](GObject*, GAsyncResult* result) {
        GError* error = nullptr;
        const auto collection =
            GRef<SecretCollection>::adopt(secret_collection_for_alias_finish(result, &error));
        if (failed(error)) return;
        if (!collection && needed) return fail_(no_collection());
        if (!collection || !secret_collection_get_locked(collection.get())) return then();
        if (!may_prompt_) return fail_(locked());
        GList one{collection.get(), nullptr, nullptr};
        unlock(&one, then);
      }));
}

void KeyringCall::unlock(GList* objects, Then then) {
  secret_service_unlock(service_.get(), objects, cancellable_.get(), ready,
                        next([this, then = std::move(then)](GObject*, GAsyncResult* result) {
                          GError* error = nullptr;
                          GList* unlocked = nullptr;
                          const int count = secret_service_unlock_finish(service_.get(), result,
                                                                         &unlocked, &error);
                          g_list_free_full(unlocked, g_object_unref);
                          if (failed(error)) return;
                          if (count < 1) return fail_(locked());
                          then();
                        }));
}

void KeyringCall::load(const GRef<SecretItem>& item, std::function<void(Secret)> then) {
  auto kept = std::make_shared<GRef<SecretItem>>(GRef<SecretItem>::share(item.get()));
  secret_item_load_secret(
      item.get(), cancellable_.get(), ready,
      next([this, kept, then = std::move(then)](GObject*, GAsyncResult* result) {
        GError* error = nullptr;
        secret_item_load_secret_finish(kept->get(), result, &error);
        if (failed(error)) return;
        const CPtr<SecretValue, secret_value_unref> value(secret_item_get_secret(kept->get()));
        if (!value) return fail_(locked());
        gsize size = 0;
        const char* bytes = secret_value_get(value.get(), &size);
        then(Secret(std::string_view(bytes, size)));
      }));
}

void KeyringCall::store(AttributesPtr attributes, std::string label, const Secret& secret,
                        Then then) {
  const auto bytes = secret.reveal();
  const std::shared_ptr<SecretValue> value(
      secret_value_new_full(g_strndup(bytes.data(), bytes.size()),
                            static_cast<gssize>(bytes.size()), "application/json", wipe_and_free),
      [](SecretValue* done) { secret_value_unref(done); });
  const std::shared_ptr<GHashTable> kept(attributes.release(), g_hash_table_unref);
  unlock_default(true, [this, kept, value, label = std::move(label), then = std::move(then)] {
    secret_service_store(service_.get(), schema(), kept.get(), SECRET_COLLECTION_DEFAULT,
                         label.c_str(), value.get(), cancellable_.get(), ready,
                         next([this, then](GObject*, GAsyncResult* result) {
                           GError* error = nullptr;
                           secret_service_store_finish(service_.get(), result, &error);
                           if (!failed(error)) then();
                         }));
  });
}

void KeyringCall::erase(Items items, Then then) {
  if (items.empty()) return then();
  auto rest = std::make_shared<Items>(std::move(items));
  secret_item_delete(rest->back().get(), cancellable_.get(), ready,
                     next([this, rest, then = std::move(then)](GObject*, GAsyncResult* result) {
                       GError* error = nullptr;
                       secret_item_delete_finish(rest->back().get(), result, &error);
                       if (failed(error)) return;
                       rest->pop_back();
                       erase(std::move(*rest), then);
                     }));
}

}  // namespace mail_oauth::keyring
