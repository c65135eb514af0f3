// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/keeping.h"

#include <algorithm>
#include <utility>

#include "base/i18n.h"
#include "broker/lock_wait.h"

namespace mail_oauth {

Error store_too_slow() {
  return make_error(
      Error::Kind::kStorage,
      _("The keyring, or the command that keeps the sign-in, did not answer in time."), "slow");
}

std::chrono::seconds write_limit(const TokenStore& store, const GrantKey& key) {
  return std::max(kStoreLimit, store.write_limit(key));
}

std::chrono::seconds lock_limit(const TokenStore& store, const GrantKey& key) {
  // Read; the client's secret; a proof that it can be written, or what stands there once more.
  return 3 * kStoreLimit + kRequestLimit + write_limit(store, key);
}

/// Where no store keeps quiet (a command, whose person sits before it), they are asked first.
Keeping::Keeping(const BrokerParts& parts, GrantKey key, Person person, Decide decide,
                 Finished finished)
    : parts_(parts),
      key_(std::move(key)),
      person_(person),
      decide_(std::move(decide)),
      finished_(std::move(finished)) {
  if (person_ != Person::kNotAsked && !parts_.background_store) {
    asked_to_read_ = asked_to_write_ = true;
    ask_person(false);
  } else {
    lock();
  }
}

void Keeping::lock() {
  const auto limit = lock_limit(parts_.quiet_store(), key_);
  step_ = take_lock(parts_.clock, parts_.lock_folder, key_, limit, [this](Result<LockFile> lock) {
    if (!lock) return finish(lock.error());
    lock_ = std::move(*lock);
    read();
  });
}

void Keeping::read() {
  limit(kStoreLimit, [this] { decide(store_too_slow()); });
  step_ = parts_.quiet_store().load(
      key_, [this](Result<std::optional<Grant>> item) { decide(std::move(item)); });
}

void Keeping::decide(Result<std::optional<Grant>> item) {
  step_.cancel();
  limit_.cancel();
  auto change = decide_(std::move(item));
  if (!change) return failed(change.error());
  write(std::move(*change));
}

void Keeping::write(StoreChange change) {
  if (change.what == StoreChange::What::kNothing) return finish({});
  writing_ = true;
  const auto written = [this](Result<void> result) {
    if (!result) return failed(result.error());
    finish({});
  };
  limit(write_limit(parts_.quiet_store(), key_), [this] { finish(store_too_slow()); });
  if (change.what == StoreChange::What::kErase) {
    step_ = parts_.quiet_store().erase(key_, written);
  } else {
    step_ = parts_.quiet_store().save(std::move(*change.grant), written);
  }
}

/// What holds the grant need not be the place where it goes, so that both may have to be unlocked.
void Keeping::failed(const Error& error) {
  const bool to_write = std::exchange(writing_, false) && person_ == Person::kToWrite;
  bool& asked = to_write ? asked_to_write_ : asked_to_read_;
  if (error.code != "locked" || person_ == Person::kNotAsked || asked) return finish(error);
  asked = true;
  why_ = error;
  ask_person(to_write);
}

/// Without the lock, so that nothing of the grant's may be written.
void Keeping::ask_person(bool to_write) {
  step_.cancel();
  lock_.reset();
  limit_ = wait_until(parts_.clock, parts_.clock.uptime() + parts_.person_limit,
                      [this] { person_answered(store_too_slow()); });
  if (to_write) {
    step_ = parts_.store.prove_room_for(key_, [this](const Result<void>& proved) {
      person_answered(proved ? std::nullopt : std::optional<Error>(proved.error()));
    });
  } else {
    step_ = parts_.store.load(key_, [this](const Result<std::optional<Grant>>& item) {
      const bool well = item || unreadable_item(item.error());
      person_answered(well ? std::nullopt : std::optional<Error>(item.error()));
    });
  }
}

/// Where no store keeps quiet, what the person would not unlock would only ask them again.
void Keeping::person_answered(std::optional<Error> why_not) {
  step_.cancel();
  limit_.cancel();
  person_refused_ = why_not.has_value();
  if (why_not && why_) return finish(why_not->code == "slow" ? *why_ : *why_not);
  if (why_not && (why_not->code == "locked" || why_not->code == "slow")) {
    return finish(std::move(*why_not));
  }
  lock();
}

void Keeping::limit(std::chrono::seconds limit, std::function<void()> timed_out) {
  limit_ = parts_.clock.after(limit, std::move(timed_out));
}

/// The last statement of whoever calls it: the callback may destroy this.
void Keeping::finish(Result<void> result) {
  step_.cancel();
  limit_.cancel();
  lock_.reset();
  const auto finished = std::exchange(finished_, nullptr);
  finished(std::move(result));
}

}  // namespace mail_oauth
