// SPDX-License-Identifier: GPL-3.0-or-later
//
// The half of Broker that takes grants over, gives them up, and keeps trying to save (rule I2).
#include <utility>

#include "base/i18n.h"
#include "broker/broker.h"
#include "broker/keeping.h"
#include "broker/lock_wait.h"
#include "broker/schedule.h"

namespace mail_oauth {
namespace {

constexpr std::chrono::seconds kFirstSaveAgain{30};
constexpr std::chrono::seconds kLongestSaveAgain{600};

/// Stands for an item from which no tokens can be read.
std::optional<Grant> tokenless(const GrantKey& key) {
  std::optional<Grant> grant(std::in_place);
  grant->key = key;
  return grant;
}

}  // namespace

Broker::Keeping& Broker::begin_keeping(GrantKey key) {
  keepings_.push_back(std::make_unique<Keeping>());
  keepings_.back()->key = std::move(key);
  return *keepings_.back();
}

/// The last statement of whoever calls it: `keeping` is gone afterwards.
void Broker::end_keeping(Keeping& keeping) {
  keepings_.remove_if([&](const auto& one) { return one.get() == &keeping; });
}

Call Broker::adopt(Grant grant, Done<void> done) {
  auto answer = Pending<void>::of(std::move(done));
  Keeping& keeping = begin_keeping(grant.key);
  keeping.grant = std::move(grant);
  keeping.step = take_lock(
      parts_.clock, parts_.locks(keeping.key), keeping.key,
      [this, &keeping, answer](Result<LockFile> lock) {
        GrantEntry& entry = entry_of(keeping.key);
        // Whatever is under way for the old grant ends here: it waits for the lock, or has lost it.
        take(entry, keeping.grant->duplicate());
        entry.lifetime = std::chrono::duration_cast<std::chrono::seconds>(entry.grant->expires_at -
                                                                          parts_.clock.now());
        entry.distrusted = AccessToken();
        entry.provider.reset();
        entry.state = Ready{};
        if (observer_.on_signed_in) observer_.on_signed_in(entry.key);
        if (lock) {
          keeping.lock = std::move(*lock);
          return save_adopted(keeping, answer);
        }
        set_unsaved(entry, lock.error());
        answer->answer(make_error(Error::Kind::kStorage, lock.error().what, lock.error().code));
        settle(entry);
        end_keeping(keeping);
      });
  return Call([answer] { answer->cancel(); });
}

void Broker::save_adopted(Keeping& keeping, std::shared_ptr<Pending<void>> answer) {
  keeping.step =
      parts_.store.save(std::move(*keeping.grant), [this, &keeping, answer](Result<void> result) {
        GrantEntry& entry = entry_of(keeping.key);
        if (result) {
          entry.stored = entry.grant->refresh_token.duplicate();
          set_saved(entry);
        } else {
          set_unsaved(entry, result.error());
        }
        answer->answer(std::move(result));
        settle(entry);
        end_keeping(keeping);
      });
}

Call Broker::give_up(GrantKey key, Done<Grant> done) {
  auto answer = Pending<Grant>::of(std::move(done));
  Keeping& keeping = begin_keeping(std::move(key));
  const auto stop = [this, &keeping, answer](const Error& error) {
    answer->answer(error);
    end_keeping(keeping);
  };
  keeping.step = take_lock(parts_.clock, parts_.locks(keeping.key), keeping.key,
                           [this, &keeping, answer, stop](Result<LockFile> lock) {
                             if (answer->cancelled()) return end_keeping(keeping);
                             if (!lock) return stop(lock.error());
                             keeping.lock = std::move(*lock);
                             keeping.step = parts_.store.load(
                                 keeping.key,
                                 [this, &keeping, answer, stop](Result<std::optional<Grant>> item) {
                                   if (answer->cancelled()) return end_keeping(keeping);
                                   if (!item && unreadable_item(item.error()))
                                     item = tokenless(keeping.key);
                                   if (!item) return stop(item.error());
                                   erase_given_up(keeping, std::move(*item), answer);
                                 });
                           });
  return Call([answer] { answer->cancel(); });
}

void Broker::erase_given_up(Keeping& keeping, std::optional<Grant> item,
                            std::shared_ptr<Pending<Grant>> answer) {
  GrantEntry& entry = entry_of(keeping.key);
  if (entry.unsaved && entry.grant) item = entry.grant->duplicate();
  if (!item) {
    answer->answer(make_error(Error::Kind::kConfig,
                              format(_("{} is not signed in with {}."),
                                     {keeping.key.identity, keeping.key.client.provider}),
                              "no-grant"));
    return end_keeping(keeping);
  }
  keeping.grant = std::move(item);
  keeping.step = parts_.store.erase(keeping.key, [this, &keeping, answer](Result<void> result) {
    if (!result) {
      answer->answer(result.error());
      return end_keeping(keeping);
    }
    GrantEntry& erased = entry_of(keeping.key);
    erased.timer.cancel();
    set_stale(erased);
    erased.grant.reset();
    erased.stored = RefreshToken();
    ++erased.generation;
    set_saved(erased);
    // Whoever still waits learns from the store that there is nothing.
    erased.state = Unknown{};
    answer->answer(std::move(*keeping.grant));
    settle(erased);
    end_keeping(keeping);
  });
}

Call Broker::store_again(GrantKey key, Done<void> done) {
  auto answer = Pending<void>::of(std::move(done));
  Keeping& keeping = begin_keeping(std::move(key));
  keeping.step =
      take_lock(parts_.clock, parts_.locks(keeping.key), keeping.key,
                [this, &keeping, answer](Result<LockFile> lock) {
                  if (!lock) {
                    answer->answer(lock.error());
                    return end_keeping(keeping);
                  }
                  keeping.lock = std::move(*lock);
                  keeping.step = parts_.store.load(
                      keeping.key, [this, &keeping, answer](Result<std::optional<Grant>> item) {
                        save_read(keeping, std::move(item), answer);
                      });
                });
  return Call([answer] { answer->cancel(); });
}

void Broker::save_read(Keeping& keeping, Result<std::optional<Grant>> item,
                       const std::shared_ptr<Pending<void>>& answer) {
  GrantEntry& entry = entry_of(keeping.key);
  if (entry.unsaved) {
    answer->answer(*entry.unsaved);
    retry_save(entry, std::chrono::seconds(0));
    return end_keeping(keeping);
  }
  if (!item || !*item) {
    answer->answer(item ? Result<void>() : Result<void>(item.error()));
    return end_keeping(keeping);
  }
  keeping.step = parts_.store.save(std::move(**item), [this, &keeping, answer](Result<void> saved) {
    answer->answer(std::move(saved));
    end_keeping(keeping);
  });
}

void Broker::set_unsaved(GrantEntry& entry, const Error& error) {
  if (!entry.unsaved) entry.save_failures = 0;
  entry.unsaved = error;
  if (observer_.on_unsaved) observer_.on_unsaved(entry.key, error);
  const int doublings = std::min(entry.save_failures++, 10);
  retry_save(entry, std::min(kFirstSaveAgain * (1 << doublings), kLongestSaveAgain));
}

void Broker::set_saved(GrantEntry& entry) {
  entry.save_timer.cancel();
  if (!std::exchange(entry.unsaved, std::nullopt)) return;
  if (observer_.on_saved) observer_.on_saved(entry.key);
}

void Broker::save_now() {
  for (auto& entry : entries_) {
    if (entry.second.unsaved) save_unsaved(entry.second);
  }
}

void Broker::retry_save(GrantEntry& entry, std::chrono::seconds pause) {
  entry.save_timer = parts_.clock.after(pause, [this, &entry] { save_unsaved(entry); });
}

void Broker::save_unsaved(GrantEntry& entry) {
  entry.save_timer.cancel();
  if (!entry.unsaved) return;
  Keeping& keeping = begin_keeping(entry.key);
  keeping.step = take_lock(parts_.clock, parts_.locks(entry.key), entry.key,
                           [this, &entry, &keeping](Result<LockFile> lock) {
                             if (lock && entry.unsaved) {
                               keeping.lock = std::move(*lock);
                               return save_again(keeping);
                             }
                             if (!lock && entry.unsaved) set_unsaved(entry, lock.error());
                             end_keeping(keeping);
                           });
}

/// Under the lock: unless somebody else stored another grant meanwhile, ours goes in.
void Broker::save_again(Keeping& keeping) {
  TokenStore& store = parts_.background_store ? *parts_.background_store : parts_.store;
  keeping.step =
      store.load(keeping.key, [this, &keeping, &store](Result<std::optional<Grant>> item) {
        GrantEntry& entry = entry_of(keeping.key);
        const unsigned long generation = entry.generation;
        if (!entry.unsaved || !entry.grant) return end_keeping(keeping);
        const bool overwritable = item || item.error().code == "damaged";
        if (!overwritable) {
          set_unsaved(entry, item.error());
          return end_keeping(keeping);
        }
        if (item && *item && !entry.stored.equals((*item)->refresh_token.reveal())) {
          set_saved(entry);
          entry.stored = (*item)->refresh_token.duplicate();
          take(entry, std::move(**item));
          return end_keeping(keeping);
        }
        keeping.step =
            store.save(entry.grant->duplicate(), [this, &keeping, generation](Result<void> result) {
              GrantEntry& tried = entry_of(keeping.key);
              const bool current = tried.generation == generation && tried.unsaved;
              if (current && result) {
                tried.stored = tried.grant->refresh_token.duplicate();
                set_saved(tried);
              } else if (current) {
                set_unsaved(tried, result.error());
              }
              end_keeping(keeping);
            });
      });
}

}  // namespace mail_oauth
