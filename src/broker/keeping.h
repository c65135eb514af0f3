// SPDX-License-Identifier: GPL-3.0-or-later
//
// One change of a grant in the store by sign-in, sign-out or a repeated try to save: lock, read,
// write.
//
// Under the same lock as renewals (rule I1), and never for long: each step under it has a limit,
// and nobody is asked anything. A store that wants a person is asked again without the lock, once
// to read and once to write, and then all begins anew. Destroying a Keeping cancels it and frees
// the lock. Belongs to the broker's thread.
#pragma once

#include <functional>
#include <optional>

#include "broker/broker_parts.h"
#include "broker/lock_file.h"

namespace mail_oauth {

/// How long a step may take under the lock. A keyring may wait for a person; the lock may not.
inline constexpr std::chrono::seconds kStoreLimit{15};
/// The same for a save or an erasure: one that goes on would go on without the lock.
std::chrono::seconds write_limit(const TokenStore& store, const GrantKey& key);
/// How long to wait for the lock: as long as the slowest renewal may have it that is well.
std::chrono::seconds lock_limit(const TokenStore& store, const GrantKey& key);
Error store_too_slow();

/// What is to be done to what stands in the store.
struct StoreChange {
  enum class What { kNothing, kSave, kErase };
  What what = What::kNothing;
  std::optional<Grant> grant;  ///< To be saved.
};

class Keeping {
 public:
  /// What a person may be asked to unlock the store for.
  enum class Person { kNotAsked, kToRead, kToWrite };
  /// What to do, now that this is in the store. An error ends the Keeping with it.
  using Decide = std::function<Result<StoreChange>(Result<std::optional<Grant>> item)>;
  using Finished = std::function<void(Result<void>)>;

  /// `decide` comes under the lock, again after a person was asked; `finished` once, later, and may
  /// destroy the Keeping. Fails as take_lock(), `decide` and the store do; kStorage, "slow": no
  /// answer under the lock within kStoreLimit or, of what writes, write_limit().
  Keeping(const BrokerParts& parts, GrantKey key, Person person, Decide decide, Finished finished);
  /// The store is just being changed.
  bool writing() const { return writing_; }
  /// The person was asked, and dismissed the question or left it open.
  bool person_refused() const { return person_refused_; }

  Keeping(const Keeping&) = delete;
  Keeping& operator=(const Keeping&) = delete;

 private:
  void lock();
  void read();
  void decide(Result<std::optional<Grant>> item);
  void write(StoreChange change);
  void failed(const Error& error);
  void ask_person(bool to_write);
  void person_answered(std::optional<Error> why_not);
  void limit(std::chrono::seconds limit, std::function<void()> timed_out);
  void finish(Result<void> result);

  const BrokerParts& parts_;
  GrantKey key_;
  Person person_;
  std::optional<Error> why_;  ///< They are asked; nothing: before anything was tried.
  Decide decide_;
  Finished finished_;
  bool writing_ = false;
  bool asked_to_read_ = false;
  bool asked_to_write_ = false;
  bool person_refused_ = false;
  std::optional<LockFile> lock_;
  Call step_;
  Call limit_;
};

}  // namespace mail_oauth
