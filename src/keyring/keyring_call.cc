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
/// KWallet refuses a public key that begins with a zero byte, for libsecret leaves such bytes out:
/// one of 256 sessions. Each try has a new key.
constexpr int kKeys = 4;
/// A question that is answered sooner is not worth a word.
constexpr std::chrono::seconds kQuiet{1};

struct Step {
  std::shared_ptr<KeyringCall> call;
  std::function<void(GObject*, GAsyncResult*)> ready;
};

extern "C" void wipe_and_free(gpointer text) {
  wipe(text, std::strlen(static_cast<char*>(text)));
  g_free(text);
}

using SecretValuePtr = CPtr<SecretValue, secret_value_unref>;

SecretValuePtr value_of(const Secret& secret) {
  const auto bytes = secret.reveal();
  SecretValuePtr value(secret_value_new_full(g_strndup(bytes.data(), bytes.size()),
                                             static_cast<gssize>(bytes.size()), "application/json",
                                             wipe_and_free));
  forget_vector_registers();
  return value;
}

}  // namespace

KeyringCall::KeyringCall(Manner manner, Fail fail)
    : may_prompt_(manner.prompt == Prompt::kAllowed),
      kept_(std::move(manner.kept)),
      patience_(std::move(manner.patience)),
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
    step->call->limit_ = Source();
    step->call->notice_ = Source();
    if (!g_cancellable_is_cancelled(step->call->cancellable_.get())) step->ready(source, result);
  });
}

gpointer KeyringCall::next(Ready ready, Waits waits) {
  watch(waits);
  return new Step{shared_from_this(), std::move(ready)};
}

void KeyringCall::watch(Waits waits) {
  const MainContextPtr context = current_context();
  const std::weak_ptr<KeyringCall> weak = shared_from_this();
  const bool person = waits == Waits::kPerson;
  const auto limit = person ? patience_.person : patience_.service;
  if (limit.count() > 0) {
    limit_ = Source(context.get(), limit, [weak, person, limit] {
      if (const auto self = weak.lock()) self->give_up(person ? not_answered(limit) : too_slow());
    });
  }
  // KeePassXC asks to open its database where it is only to search: any step may wait for a person.
  notice_ = Source(context.get(), kQuiet, [weak] {
    const auto self = weak.lock();
    if (!self) return;
    if (const auto tell = std::exchange(self->patience_.on_question, nullptr)) tell();
  });
}

/// Cancelled, libsecret takes a question back that the service still shows.
void KeyringCall::give_up(const Error& error) {
  kept_ = nullptr;
  cancel();
  fail_(error);
}

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
  if (flags == SECRET_SERVICE_OPEN_SESSION) {
    then = [this, then = std::move(then)] { agree(then, kKeys); };
  }
  if (take_kept()) return later(std::move(then));
  connect(std::move(then));
}

void KeyringCall::agree(const Then& then, int keys) {
  secret_service_ensure_session(
      service_.get(), cancellable_.get(), ready,
      next([this, then, keys](GObject*, GAsyncResult* result) {
        GError* error = nullptr;
        secret_service_ensure_session_finish(service_.get(), result, &error);
        if (keys > 1 && g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS)) {
          g_error_free(error);
          return agree(then, keys - 1);
        }
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

void KeyringCall::connect(Then then) {
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
              secret_service_open(SECRET_TYPE_SERVICE, nullptr, SECRET_SERVICE_NONE,
                                  cancellable_.get(), ready, next(opened));
            }));
}

bool KeyringCall::has_collections() const {
  const CPtr<GVariant, g_variant_unref> paths(
      g_dbus_proxy_get_cached_property(G_DBUS_PROXY(service_.get()), "Collections"));
  return !paths || g_variant_n_children(paths.get()) > 0;
}

void KeyringCall::search(GHashTable* attributes, std::function<void(Items)> then) {
  // KeePassXC with no database open would wait for the person to open one, and find nothing then.
  if (!has_collections()) return fail_(no_collection());
  secret_service_search(service_.get(), schema(), attributes, SECRET_SEARCH_ALL, cancellable_.get(),
                        ready, next([this, then = std::move(then)](GObject*, GAsyncResult* result) {
                          GError* error = nullptr;
                          GList* list =
                              secret_service_search_finish(service_.get(), result, &error);
                          if (!failed(error)) then(adopted(list));
                        }));
}

void KeyringCall::find_names(AttributesPtr attributes, std::function<void(Items)> then) {
  may_prompt_ = false;
  search(attributes.get(), [this, then = std::move(then)](Items items) {
    if (items.empty()) return unlock_default([then] { then(Items()); });
    found_names_ = shared(items);
    then(std::move(items));
  });
}

void KeyringCall::find(AttributesPtr attributes, std::function<void(Items)> then) {
  const std::shared_ptr<GHashTable> kept(attributes.release(), g_hash_table_unref);
  const auto take = [this, then = std::move(then)](Items items) {
    if (std::any_of(items.begin(), items.end(), is_locked)) return fail_(locked());
    then(std::move(items));
  };
  const auto again = [this, kept, take] { search(kept.get(), take); };
  search(kept.get(), [this, take, again](Items items) {
    if (items.empty()) return unlock_default(again);
    const CPtr<GList, g_list_free> shut = listed_if_locked(items);
    if (!shut || !may_prompt_) return take(std::move(items));
    unlock(shut.get(), again);
  });
}

void KeyringCall::find_unlocked(AttributesPtr attributes, std::function<void(Items)> then) {
  search(attributes.get(), [then = std::move(then)](Items items) {
    items.erase(std::remove_if(items.begin(), items.end(), is_locked), items.end());
    then(std::move(items));
  });
}

void KeyringCall::unlock_default(Then then) {
  secret_collection_for_alias(
      service_.get(), SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, cancellable_.get(), ready,
      next([this, then = std::move(then)](GObject*, GAsyncResult* result) {
        GError* error = nullptr;
        const auto collection =
            GRef<SecretCollection>::adopt(secret_collection_for_alias_finish(result, &error));
        if (failed(error)) return;
        if (!collection) return fail_(no_collection());
        if (!secret_collection_get_locked(collection.get())) return then();
        if (!may_prompt_) return fail_(locked());
        GList one{collection.get(), nullptr, nullptr};
        unlock(&one, then);
      }));
}

void KeyringCall::unlock(GList* objects, Then then) {
  secret_service_unlock(service_.get(), objects, cancellable_.get(), ready,
                        next(
                            [this, then = std::move(then)](GObject*, GAsyncResult* result) {
                              GError* error = nullptr;
                              GList* unlocked = nullptr;
                              const int count = secret_service_unlock_finish(service_.get(), result,
                                                                             &unlocked, &error);
                              g_list_free_full(unlocked, g_object_unref);
                              if (failed(error)) return;
                              if (count < 1) return fail_(locked());
                              then();
                            },
                            Waits::kPerson));
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
  secret_item_load_secret(item.get(), cancellable_.get(), ready,
                          next([this, kept, then = std::move(then),
                                otherwise = std::move(otherwise)](GObject*, GAsyncResult* result) {
                            GError* error = nullptr;
                            secret_item_load_secret_finish(kept->get(), result, &error);
                            if (error) return otherwise(error);
                            const SecretValuePtr value(secret_item_get_secret(kept->get()));
                            if (!value) return fail_(locked());
                            gsize size = 0;
                            const char* bytes = secret_value_get(value.get(), &size);
                            then(Secret(std::string_view(bytes, size)));
                          }));
}

void KeyringCall::store(AttributesPtr attributes, std::string label, Secret secret, Then then) {
  const std::shared_ptr<GHashTable> kept(attributes.release(), g_hash_table_unref);
  const auto bytes = std::make_shared<Secret>(std::move(secret));
  find(AttributesPtr(g_hash_table_ref(kept.get())),
       [this, kept, bytes, label = std::move(label), then = std::move(then)](const Items& items) {
         if (items.empty()) return create(kept.get(), label, *bytes, then);
         set_secret(items.front(), *bytes, then);
       });
}

void KeyringCall::rewrite(AttributesPtr attributes, Then then, Then none) {
  find(std::move(attributes), [this, then = std::move(then), none = std::move(none)](Items items) {
    if (items.empty()) return none();
    const auto item = std::make_shared<GRef<SecretItem>>(std::move(items.front()));
    load(
        *item, [this, item, then](std::optional<Secret> bytes) { set_secret(*item, *bytes, then); },
        [this](GError* error) { failed(error); });
  });
}

void KeyringCall::set_secret(const GRef<SecretItem>& item, const Secret& secret, Then then) {
  const auto kept = std::make_shared<GRef<SecretItem>>(GRef<SecretItem>::share(item.get()));
  const SecretValuePtr value = value_of(secret);
  secret_item_set_secret(item.get(), value.get(), cancellable_.get(), ready,
                         next([this, kept, then = std::move(then)](GObject*, GAsyncResult* result) {
                           GError* error = nullptr;
                           secret_item_set_secret_finish(kept->get(), result, &error);
                           if (!failed(error, from_write_error)) then();
                         }));
}

void KeyringCall::create(GHashTable* attributes, const std::string& label, const Secret& secret,
                         Then then) {
  const SecretValuePtr value = value_of(secret);
  secret_service_store(service_.get(), schema(), attributes, SECRET_COLLECTION_DEFAULT,
                       label.c_str(), value.get(), cancellable_.get(), ready,
                       next(
                           [this, then = std::move(then)](GObject*, GAsyncResult* result) {
                             GError* error = nullptr;
                             secret_service_store_finish(service_.get(), result, &error);
                             if (!failed(error, from_write_error)) then();
                           },
                           Waits::kPerson));
}

void KeyringCall::erase(Items items, Then then) {
  if (items.empty()) return then();
  auto rest = std::make_shared<Items>(std::move(items));
  secret_item_delete(rest->back().get(), cancellable_.get(), ready,
                     next(
                         [this, rest, then = std::move(then)](GObject*, GAsyncResult* result) {
                           GError* error = nullptr;
                           secret_item_delete_finish(rest->back().get(), result, &error);
                           if (failed(error, from_write_error)) return;
                           rest->pop_back();
                           erase(std::move(*rest), then);
                         },
                         Waits::kPerson));
}

}  // namespace mail_oauth::keyring
