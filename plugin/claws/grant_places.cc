// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/grant_places.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mail_oauth::claws {
namespace {

constexpr std::array<std::pair<GrantPlace, std::string_view>, 3> kWords = {
    {{GrantPlace::kKeyring, "keyring"},
     {GrantPlace::kClaws, "claws"},
     {GrantPlace::kSession, "session"}}};

using Places = std::map<GrantKey, GrantPlace>;

std::optional<GrantPlace> found_in(const Places& places, const GrantKey& key) {
  const auto found = places.find(key);
  if (found == places.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::string_view place_word(GrantPlace place) {
  for (const auto& entry : kWords) {
    if (entry.first == place) return entry.second;
  }
  return {};
}

std::optional<GrantPlace> place_of_word(std::string_view word) {
  for (const auto& entry : kWords) {
    if (entry.second == word) return entry.first;
  }
  return std::nullopt;
}

void GrantPlaces::choose(const GrantKey& key, GrantPlace place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  chosen_[key] = place;
}

std::optional<GrantPlace> GrantPlaces::chosen(const GrantKey& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return found_in(chosen_, key);
}

void GrantPlaces::see(const GrantKey& key, GrantPlace place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  seen_[key] = place;
}

std::optional<GrantPlace> GrantPlaces::seen(const GrantKey& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return found_in(seen_, key);
}

bool GrantPlaces::away_from_keyring(const ClientKey& client) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::any_of(chosen_.begin(), chosen_.end(), [&](const auto& entry) {
    return entry.first.client == client && entry.second != GrantPlace::kKeyring;
  });
}

std::map<GrantKey, GrantPlace> settled_places(const std::vector<PlaceWish>& wishes,
                                              const GrantPlaces& before) {
  Places settled;
  for (const auto& wish : wishes) {
    const auto last = before.chosen(wish.key);
    const auto entry = settled.emplace(wish.key, last.value_or(wish.place)).first;
    if (last && entry->second == *last) entry->second = wish.place;
  }
  return settled;
}

}  // namespace mail_oauth::claws
