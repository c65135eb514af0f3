// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyring/keyring_call.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/guarded.h"
#include "base/secret_arena.h"
#include "base/source.h"
#include "base/vector_registers.h"
#include "keyring/keyring_error.h"

namespace mail_oauth::keyring {
namespace {

constexpr gint64 kKeptFor = G_USEC_PER_SEC;

struct Step {
  std::shared_ptr<KeyringCall> call;
  std::function<void(GObject*, GAsyncResult*)> ready;
};

extern "C" void wipe_and_free(gpointer text) {
  wipe(text, std::strlen(static_cast<char*>(text)));
  g_free(text);
}

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

KeyringCall::KeyringCall(bool may_prompt, std::shared_ptr<KeptService> kept, Fail fail)
    : may_prompt_(may_prompt),
      kept_(std::move(kept)),
      fail_(std::move(fail)),
      cancellable_(GRef<GCancellable>::adopt(g_cancellable_new())) {}

KeyringCall::~KeyringCall() {
  if (!kept_ || !service_) return;
  kept_->service = std::move(service_);
  kept_->named = std::move(found_names_);
  kept_->used_at = g_get_monotonic_time();
}

void KeyringCall::cancel() { g_cancellable_cancel(cancellable_.get()); }

void KeyringCall::ready(GObject* source, GAsyncResult* result, gpointer data) {
  guarded("keyring", [&] {
    const std::unique_ptr<Step> step(static_cast<Step*>(data));
    if (!g_cancellable_is_cancelled(step->call->cancellable_.get())) step->ready(source, result);
  });
}

gpointer KeyringCall::next(Ready ready) { return new Step{shared_from_this(), std::move(ready)}; }

bool KeyringCall::failed(GError* error, Error (*words)(const GError*)) {
  const GErrorPtr owned(error);
  if (!owned) return false;
  kept_ = nullptr;  // another question is not to meet the same
  fail_(words(owned.get()));
  return true;
}

void KeyringCall::open(Then then, SecretServiceFlags flags) {
  if (!bus_is_named()) {
    return later([this] { fail_(no_bus()); });
  }
  if (!take_kept()) return connect(flags, std::move(then));
  if (flags == SECRET_SERVICE_NONE) return later(std::move(then));
  secret_service_ensure_session(
      service_.get(), cancellable_.get(), ready,
      next([this, then = std::move(then)](GObject*, GAsyncResult* result) {
        GError* error = nullptr;
        secret_service_ensure_session_finish(service_.get(), result, &error);
        if (!failed(error)) then();
      }));
}

void KeyringCall::later(Then then) {
  post(current_context().get(), [self = shared_from_this(), then = std::move(then)] {
    if (!g_cancellable_is_cancelled(self->cancellable_.get())) then();
  });
}

bool KeyringCall::take_kept() {
  if (!kept_ || !kept_->service) return false;
  GRef<SecretService> service = std::exchange(kept_->service, {});
  named_ = std::exchange(kept_->named, {});
  auto* const bus = g_dbus_proxy_get_connection(G_DBUS_PROXY(service.get()));
  const bool fresh = g_get_monotonic_time() - kept_->used_at < kKeptFor;
  if (!fresh || g_dbus_connection_is_closed(bus)) {
    named_.clear();
    return false;
  }
  service_ = std::move(service);
  return true;
}

void KeyringCall::connect(SecretServiceFlags flags, Then then) {
  const auto opened = [this, then = std::move(then)](GObject*, GAsyncResult* result) {
    GError* error = nullptr;
    service_ = GRef<SecretService>::adopt(secret_service_open_finish(result, &error));
    if (!failed(error)) then();
  };
  g_bus_get(G_BUS_TYPE_SESSION, cancellable_.get(), ready,
            next([this, flags, opened](GObject*, GAsyncResult* result) {
              GError* error = nullptr;
              const auto bus = GRef<GDBusConnection>::adopt(g_bus_get_finish(result, &error));
              const GErrorPtr owned(error);
              if (!bus) return fail_(no_bus());
              // A session bus that goes away must not take us, or our host, with it.
              g_dbus_connection_set_exit_on_close(bus.get(), FALSE);
              secret_service_open(SECRET_TYPE_SERVICE, nullptr, flags, cancellable_.get(), ready,
                                  next(opened));
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
    if (items.empty()) return unlock_default(false, [then] { then(Items()); });
    found_names_ = shared(items);
    then(std::move(items));
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

void KeyringCall::find_secret(AttributesPtr attributes,
                              std::function<void(std::optional<Secret>)> then) {
  const std::shared_ptr<GHashTable> kept(attributes.release(), g_hash_table_unref);
  const auto search_for_it = [this, kept, then] {
    find(AttributesPtr(g_hash_table_ref(kept.get())), [this, then](const Items& items) {
      if (items.empty()) return then(std::nullopt);
      load(items.front(), then, [this](GError* error) { failed(error); });
    });
  };
  const auto named = std::find_if(named_.begin(), named_.end(), [&kept](const auto& item) {
    const AttributesPtr its(secret_item_get_attributes(item.get()));
    return !secret_item_get_locked(item.get()) && holds_all(its.get(), kept.get());
  });
  if (named == named_.end()) return search_for_it();
  // It may have been erased, replaced or locked since it was named.
  load(*named, then, [search_for_it](GError* error) {
    g_error_free(error);
    search_for_it();
  });
}

void KeyringCall::load(const GRef<SecretItem>& item,
                       std::function<void(std::optional<Secret>)> then,
                       std::function<void(GError*)> otherwise) {
  auto kept = std::make_shared<GRef<SecretItem>>(GRef<SecretItem>::share(item.get()));
  secret_item_load_secret(
      item.get(), cancellable_.get(), ready,
      next([this, kept, then = std::move(then), otherwise = std::move(otherwise)](
               GObject*, GAsyncResult* result) {
        GError* error = nullptr;
        secret_item_load_secret_finish(kept->get(), result, &error);
        if (error) return otherwise(error);
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
  forget_vector_registers();
  const std::shared_ptr<GHashTable> kept(attributes.release(), g_hash_table_unref);
  unlock_default(true, [this, kept, value, label = std::move(label), then = std::move(then)] {
    secret_service_store(service_.get(), schema(), kept.get(), SECRET_COLLECTION_DEFAULT,
                         label.c_str(), value.get(), cancellable_.get(), ready,
                         next([this, then](GObject*, GAsyncResult* result) {
                           GError* error = nullptr;
                           secret_service_store_finish(service_.get(), result, &error);
                           if (!failed(error, from_write_error)) then();
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
                       if (failed(error, from_write_error)) return;
                       rest->pop_back();
                       erase(std::move(*rest), then);
                     }));
}

}  // namespace mail_oauth::keyring
