// SPDX-License-Identifier: GPL-3.0-or-later
//
// One question to the Secret Service, as steps that follow each other: open, find, unlock, store.
// A step that is never called back ends the question all the same, when patience does.
//
// Each question opens a session of its own: questions are rare, and a service that was restarted
// meanwhile does no harm. Only where asked for, one that follows within a second shares it. After
// cancel() no step is called any more. Belongs to the thread of the context that was thread-default
// when it was made.
#pragma once

#include <libsecret/secret.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cptr.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/source.h"
#include "keyring/item_attributes.h"
#include "keyring/items.h"
#include "keyring/keyring_error.h"
#include "keyring/secret_service_store.h"

namespace mail_oauth::keyring {

/// The service as the last question opened it, and what its find_names() found, for one that
/// follows at once.
struct KeptService {
  GRef<SecretService> service;
  Items named;
  /// Of g_get_monotonic_time(), which stands still over suspend, as the connection and who is at
  /// its other end do.
  gint64 used_at = 0;
};

class KeyringCall : public std::enable_shared_from_this<KeyringCall> {
 public:
  using Fail = std::function<void(Error)>;
  using Then = std::function<void()>;

  /// `fail` ends the call, whichever step it was.
  KeyringCall(Manner manner, Fail fail);

  ~KeyringCall();
  KeyringCall(const KeyringCall&) = delete;
  KeyringCall& operator=(const KeyringCall&) = delete;

  void cancel();

  /// Connects to the service. REQUIRES: the first step. find_names() needs no session: to agree on
  /// its key is half of the time of a question.
  void open(Then then, SecretServiceFlags flags = SECRET_SERVICE_OPEN_SESSION);
  /// All items with these attributes, each unlocked, the newest first; asks for unlocking. Nothing
  /// found in a locked default keyring is not nothing: it is unlocked first.
  void find(AttributesPtr attributes, std::function<void(Items)> then);
  /// The same without unlocking: names only. Nothing found in a locked default keyring is "locked".
  void find_names(AttributesPtr attributes, std::function<void(Items)> then);
  /// All that are found without asking anybody anything; nothing is "nothing".
  void find_unlocked(AttributesPtr attributes, std::function<void(Items)> then);
  /// The secret of the newest item that find() finds; nothing: there is none.
  void find_secret(AttributesPtr attributes, std::function<void(std::optional<Secret>)> then);
  /// Into the item that find_secret() would take, where there is one: a service may let nobody
  /// replace an item without asking the person (KeePassXC), but change it. Else into a new one in
  /// the default collection.
  void store(AttributesPtr attributes, std::string label, Secret secret, Then then);
  /// Writes what the item of find_secret() holds back into it; `none`: there is no such item. As it
  /// changes nothing, it does no harm when it comes late, too: services answer in turn.
  void rewrite(AttributesPtr attributes, Then then, Then none);
  void erase(Items items, Then then);

 private:
  using Ready = std::function<void(GObject* source, GAsyncResult* result)>;
  /// For whom a step waits.
  enum class Waits { kService, kPerson };
  static void ready(GObject* source, GAsyncResult* result, gpointer data);
  gpointer next(Ready ready, Waits waits = Waits::kService);
  void watch(Waits waits);
  void give_up(const Error& error);
  bool failed(GError* error, Error (*words)(const GError*) = from_gerror);

  void connect(Then then);
  void agree(const Then& then, int keys);
  void later(Then then);
  bool take_kept();
  void load(const GRef<SecretItem>& item, std::function<void(std::optional<Secret>)> then,
            std::function<void(GError*)> otherwise);
  bool has_collections() const;
  void search(GHashTable* attributes, std::function<void(Items)> then);
  void set_secret(const GRef<SecretItem>& item, const Secret& secret, Then then);
  void create(GHashTable* attributes, const std::string& label, const Secret& secret, Then then);
  void unlock_default(Then then);
  void unlock(GList* objects, Then then);

  bool may_prompt_;
  std::shared_ptr<KeptService> kept_;
  Patience patience_;
  Fail fail_;
  Source limit_;
  Source notice_;
  GRef<GCancellable> cancellable_;
  GRef<SecretService> service_;
  Items named_;        ///< By the question before, a second ago at most.
  Items found_names_;  ///< By this one, for the next.
};

}  // namespace mail_oauth::keyring
