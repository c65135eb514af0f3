// SPDX-License-Identifier: GPL-3.0-or-later
//
// One question to the Secret Service, as steps that follow each other: open, find, unlock, store.
//
// Each question opens a session of its own: questions are rare, and a service that was restarted
// meanwhile does no harm. After cancel() no step is called any more.
// Belongs to the thread of the context that was thread-default when it was made.
#pragma once

#include <libsecret/secret.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/cptr.h"
#include "base/result.h"
#include "base/secret.h"
#include "keyring/item_attributes.h"

namespace mail_oauth::keyring {

using Items = std::vector<GRef<SecretItem>>;

class KeyringCall : public std::enable_shared_from_this<KeyringCall> {
 public:
  using Fail = std::function<void(Error)>;
  using Then = std::function<void()>;

  /// `fail` ends the call, whichever step it was.
  KeyringCall(bool may_prompt, Fail fail);

  void cancel();

  /// Connects to the service. REQUIRES: the first step.
  void open(Then then);
  /// All items with these attributes, each unlocked, the newest first; asks for unlocking. Nothing
  /// found in a locked default keyring is not nothing: it is unlocked first.
  void find(AttributesPtr attributes, std::function<void(Items)> then);
  /// The same without unlocking: names only. Nothing found in a locked default keyring is "locked".
  void find_names(AttributesPtr attributes, std::function<void(Items)> then);
  void load(const GRef<SecretItem>& item, std::function<void(Secret)> then);
  /// In the default collection, in place of an item there with the same attributes.
  void store(AttributesPtr attributes, std::string label, const Secret& secret, Then then);
  void erase(Items items, Then then);

 private:
  using Ready = std::function<void(GObject* source, GAsyncResult* result)>;
  static void ready(GObject* source, GAsyncResult* result, gpointer data);
  gpointer next(Ready ready);
  bool failed(GError* error);

  void search(GHashTable* attributes, int flags, std::function<void(Items)> then);
  void unlock_default(bool needed, Then then);
  void unlock(GList* objects, Then then);

  bool may_prompt_;
  Fail fail_;
  GRef<GCancellable> cancellable_;
  GRef<SecretService> service_;
};

}  // namespace mail_oauth::keyring
