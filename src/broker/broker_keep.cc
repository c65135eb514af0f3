// SPDX-License-Identifier: GPL-3.0-or-later
//
// The half of Broker that takes grants over, gives them up, and keeps trying to save (rule I2):
// what each of them does with what stands in the store, and what comes of it.
#include <algorithm>
#include <utility>

#include "base/i18n.h"
#include "broker/broker.h"
#include "broker/renewal_request.h"
#include "broker/schedule.h"
#include "oauth/pkce.h"

namespace mail_oauth {
namespace {

constexpr std::chrono::seconds kFirstSaveAgain{30};
constexpr std::chrono::seconds kLongestSaveAgain{600};

using Item = Result<std::optional<Grant>>;
using What = StoreChange::What;

/// Stands for an item from which no tokens can be read.
Grant tokenless(const GrantKey& key) {
  Grant grant;
  grant.key = key;
  return grant;
}

bool left_in_time(const KeepingTask& task) {
  const auto* giving = std::get_if<GivingUp>(&task);
  return giving && giving->answer->cancelled();
}

/// A task of that kind has its turn or waits for it.
template <class Kind>
bool wanted(const GrantEntry& entry) {
  const auto is = [](const KeepingTask& task) { return std::holds_alternative<Kind>(task); };
  const auto* working = std::get_if<Working>(&entry.work);
  return (working && is(working->task)) || std::any_of(entry.tasks.begin(), entry.tasks.end(), is);
}

/// The renewal before it is of no more use.
bool replaces_grant(const KeepingTask& task) {
  return std::holds_alternative<Adoption>(task) || std::holds_alternative<GivingUp>(task);
}

Keeping::Person person_for(const KeepingTask& task) {
  const auto* saving = std::get_if<SavingAgain>(&task);
  if (saving && !saving->may_ask) return Keeping::Person::kNotAsked;
  if (std::holds_alternative<GivingUp>(task)) return Keeping::Person::kToRead;
  return Keeping::Person::kToWrite;
}

}  // namespace

Call Broker::adopt(Grant grant, Done<void> done) {
  auto answer = Pending<void>::of(std::move(done));
  Adoption task;
  task.lifetime =
      std::chrono::duration_cast<std::chrono::seconds>(grant.expires_at - parts_.clock.now());
  task.answer = answer;
  const GrantKey key = grant.key;
  // As it is read again: the item has whole seconds.
  grant.signed_in_at = std::chrono::floor<std::chrono::seconds>(parts_.clock.now());
  auto name = oauth::new_state();
  grant.sign_in = name ? *std::move(name) : "";
  grant.renewals = 0;
  task.grant = std::move(grant);
  add_task(key, std::move(task));
  return Call([answer] { answer->cancel(); });
}

Call Broker::give_up(GrantKey key, Done<std::vector<Grant>> done) {
  auto answer = Pending<std::vector<Grant>>::of(std::move(done));
  answer->at_end([this, &entry = entry_of(key)] { end_called_off(entry); });
  add_task(key, GivingUp{answer, {}});
  return Call([answer] { answer->cancel(); });
}

/// Nobody waits for the sign-out any more, and nothing is being erased: so nobody is asked for it.
void Broker::end_called_off(GrantEntry& entry) {
  const auto* working = std::get_if<Working>(&entry.work);
  if (!working || !left_in_time(working->task) || working->keeping->writing()) return;
  entry.work = Idle{};
  settle(entry);
}

Call Broker::store_again(GrantKey key, Done<void> done) {
  auto answer = Pending<void>::of(std::move(done));
  add_task(key, StoringAgain{answer});
  return Call([answer] { answer->cancel(); });
}

void Broker::add_task(const GrantKey& key, KeepingTask task) {
  GrantEntry& entry = entry_of(key);
  entry.tasks.push_back(std::move(task));
  settle(entry);
}

bool Broker::adopting(const GrantEntry& entry) { return wanted<Adoption>(entry); }

/// Whether the next task has its turn now.
bool Broker::start_task(GrantEntry& entry) {
  const auto over = [&](const KeepingTask& task) {
    if (std::holds_alternative<SavingAgain>(task)) return !entry.known.unsaved;
    return left_in_time(task);
  };
  entry.tasks.remove_if(over);
  if (entry.tasks.empty() || std::holds_alternative<Working>(entry.work)) return false;
  // A renewal that has not sent anything yet loses nothing.
  const auto* renewing = std::get_if<Renewing>(&entry.work);
  if (renewing && (renewing->renewal->asked() || !replaces_grant(entry.tasks.front())))
    return false;

  entry.timer.cancel();
  auto& working = entry.work.emplace<Working>();
  working.task = std::move(entry.tasks.front());
  entry.tasks.pop_front();
  working.keeping = std::make_unique<Keeping>(
      parts_, entry.key, person_for(working.task),
      [this, &entry](Item item) {
        KeepingTask& task = std::get<Working>(entry.work).task;
        return std::visit([&](auto& kind) { return decide(entry, kind, std::move(item)); }, task);
      },
      [this, &entry](Result<void> result) { task_ended(entry, std::move(result)); });
  return true;
}

void Broker::task_ended(GrantEntry& entry, Result<void> result) {
  const auto keeping = std::move(std::get<Working>(entry.work).keeping);  // It is calling us.
  KeepingTask task = std::move(std::get<Working>(entry.work).task);
  entry.work = Idle{};
  if (keeping->person_refused()) {
    entry.prompt_again = parts_.clock.uptime() + schedule::kRefusedPause;
  }
  std::visit([&](auto& kind) { ended(entry, std::move(kind), std::move(result)); }, task);
  settle(entry);
}

/// Whatever stands there is older: the person has just signed in.
Result<StoreChange> Broker::decide(GrantEntry& entry, Adoption& task, Item item) {
  if (item && *item) entry.known.outdated.add((*item)->sign_in);
  return StoreChange{What::kSave, task.grant.duplicate()};
}

void Broker::ended(GrantEntry& entry, Adoption task, Result<void> result) {
  entry.known.take(std::move(task.grant));
  token_changed(entry);
  entry.lifetime = task.lifetime;
  entry.distrusted = AccessToken();
  entry.renewal_wanted = false;
  entry.provider.reset();
  entry.state = Ready{};
  if (observer_.on_signed_in) observer_.on_signed_in(entry.key);
  if (result) {
    entry.known.set_stored();
    set_saved(entry);
  } else {
    entry.known.outdated.add_everything(entry.known.grant->signed_in_at);
    set_unsaved(entry, result.error());
    // Of whatever kind: the sign-in itself is well.
    result = make_error(Error::Kind::kStorage, result.error().what, result.error().code);
  }
  task.answer->answer(std::move(result));
}

Result<StoreChange> Broker::decide(GrantEntry& entry, GivingUp& task, Item item) {
  if (task.answer->cancelled()) return make_error(Error::Kind::kCancelled, "", "left");
  if (item) {
    task.grants = entry.known.live_with(std::move(*item), parts_.clock.now());
  } else if (unreadable_item(item.error())) {
    task.grants.clear();
    task.grants.push_back(entry.known.grant ? entry.known.grant->duplicate()
                                            : tokenless(entry.key));
  } else {
    return item.error();
  }
  if (!task.grants.empty()) return StoreChange{What::kErase, std::nullopt};
  return make_error(
      Error::Kind::kConfig,
      format(_("{} is not signed in with {}."), {entry.key.identity, entry.key.client.provider}),
      "no-grant");
}

void Broker::ended(GrantEntry& entry, GivingUp task, Result<void> result) {
  task.answer->at_end(nullptr);
  if (!result) return task.answer->answer(result.error());
  set_stale(entry);
  entry.known = {};
  set_saved(entry);
  // Whoever still waits learns from the store that there is nothing.
  entry.state = Unknown{};
  task.answer->answer(std::move(task.grants));
}

Result<StoreChange> Broker::decide(GrantEntry& entry, StoringAgain&, Item item) {
  if (entry.known.unsaved) return entry.known.unsaved->why;
  if (!item) return item.error();
  if (!*item) return StoreChange{};
  return StoreChange{What::kSave, std::move(*item)};
}

void Broker::ended(GrantEntry& entry, StoringAgain task, Result<void> result) {
  if (entry.known.unsaved) retry_save(entry, std::chrono::seconds(0));
  task.answer->answer(std::move(result));
}

/// Unless somebody else stored a newer grant meanwhile, or signed out, ours goes in.
Result<StoreChange> Broker::decide(GrantEntry& entry, SavingAgain&, Item item) {
  const bool overwritable = item || item.error().code == "damaged" ||
                            (entry.known.outdated.everything() && unreadable_item(item.error()));
  if (!overwritable) return item.error();
  const auto stands = item ? std::optional(beside(entry, *item)) : std::nullopt;
  if (stands == Stands::kSignedOut) return not_signed_in(entry.key);
  if (stands == Stands::kNewer) {
    take_stored(entry, std::move(**item));
    return StoreChange{};
  }
  return StoreChange{What::kSave, entry.known.grant->duplicate()};
}

void Broker::ended(GrantEntry& entry, SavingAgain task, Result<void> result) {
  if (result) {
    entry.known.set_stored();
    return set_saved(entry);
  }
  if (result.error().code == "no-grant") return needs_sign_in(entry, result.error());
  // The observer was told already: the person only dismissed the question.
  const bool told = task.may_ask && result.error().code == entry.known.unsaved->why.code;
  if (told) return retry_save(entry, kFirstSaveAgain);
  set_unsaved(entry, result.error());
}

void Broker::set_unsaved(GrantEntry& entry, const Error& error) {
  entry.known.set_unsaved(error);
  entry.told_unsaved = true;
  if (observer_.on_unsaved) observer_.on_unsaved(entry.key, error);
  const int doublings = std::min(entry.known.unsaved->tries++, 10);
  retry_save(entry, std::min(kFirstSaveAgain * (1 << doublings), kLongestSaveAgain));
}

/// Nothing of it is only in memory any more.
void Broker::set_saved(GrantEntry& entry) {
  entry.save_timer.cancel();
  const bool was_unsaved = std::exchange(entry.told_unsaved, false);
  if (was_unsaved && observer_.on_saved) observer_.on_saved(entry.key);
}

void Broker::save_now() {
  for (auto& entry : entries_) save_unsaved(entry.second, false);
}

void Broker::save_unsaved(GrantEntry& entry, bool may_ask) {
  entry.save_timer.cancel();
  if (entry.known.unsaved && !wanted<SavingAgain>(entry)) add_task(entry.key, SavingAgain{may_ask});
}

void Broker::retry_save(GrantEntry& entry, std::chrono::seconds pause) {
  entry.save_timer = wait_until(parts_.clock, parts_.clock.uptime() + pause,
                                [this, &entry] { save_unsaved(entry, false); });
}

}  // namespace mail_oauth
