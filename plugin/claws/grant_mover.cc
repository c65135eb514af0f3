// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/grant_mover.h"

#include "claws/accounts.h"
#include "claws/notices.h"

namespace mail_oauth::claws {
namespace {

struct Managed {
  int account_id;
  AccountIntent intent;
  PlaceWish wish;
};

std::vector<Managed> managed_accounts(Engine& engine) {
  std::vector<Managed> managed;
  for (GList* item = account_get_list(); item; item = item->next) {
    auto* account = static_cast<PrefsAccount*>(item->data);
    auto intent = stored_intent(account);
    if (!intent || !*intent || !(*intent)->enabled) continue;
    const auto key = engine.grant(**intent);
    const auto place = place_of_word((*intent)->store);
    if (key && place) managed.push_back({account->account_id, std::move(**intent), {*key, *place}});
  }
  return managed;
}

}  // namespace

void GrantMover::accounts_followed() {
  auto managed = managed_accounts(engine_);
  std::vector<PlaceWish> wishes;
  wishes.reserve(managed.size());
  for (const auto& one : managed) wishes.push_back(one.wish);
  const auto settled = settled_places(wishes, engine_.places());
  bool write = false;
  for (auto& one : managed) {
    const GrantPlace place = settled.at(one.wish.key);
    if (one.wish.place == place) continue;
    one.intent.store = place_word(place);
    store_intent(account_find_from_id(one.account_id), one.intent);
    write = true;
  }
  if (write) gate_.write();
  for (const auto& entry : settled) move(entry.first, entry.second);
  first_ = false;
}

void GrantMover::move(const GrantKey& key, GrantPlace place) {
  GrantPlaces& places = engine_.places();
  const GrantPlace before =
      places.chosen(key).value_or(places.seen(key).value_or(GrantPlace::kKeyring));
  places.choose(key, place);
  if (first_ || before == place) return;
  moving_[key] = engine_.store_again(key, [key](const Result<void>& moved) {
    if (moved) return;
    const std::string words =
        format(_("The sign-in could not be moved and stays where it was until it is renewed: {}"),
               {moved.error().what});
    tell(key.identity, make_error(moved.error().kind, words, moved.error().code));
  });
}

}  // namespace mail_oauth::claws
