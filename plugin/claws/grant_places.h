// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where each grant is to be kept: what the accounts say, and what was seen.
//
// Pure: knows neither the stores nor the host. Any thread, at once.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "oauth/grant.h"

namespace mail_oauth::claws {

enum class GrantPlace {
  kKeyring,  ///< The desktop's.
  kClaws,    ///< The host's own store of passwords.
  kSession,  ///< Memory, until the program ends.
};

/// The word in an account's intent.
std::string_view place_word(GrantPlace place);
std::optional<GrantPlace> place_of_word(std::string_view word);

class GrantPlaces {
 public:
  void choose(const GrantKey& key, GrantPlace place);
  /// Nothing: nobody said; it stays where it is, and a new one goes into the keyring.
  std::optional<GrantPlace> chosen(const GrantKey& key) const;

  /// Where it was found, or saved, last.
  void see(const GrantKey& key, GrantPlace place);
  std::optional<GrantPlace> seen(const GrantKey& key) const;

  /// Whether one of the client's grants was chosen to be elsewhere than in the keyring.
  bool away_from_keyring(const ClientKey& client) const;

 private:
  mutable std::mutex mutex_;
  std::map<GrantKey, GrantPlace> chosen_;
  std::map<GrantKey, GrantPlace> seen_;
};

/// What one account wants of its grant.
struct PlaceWish {
  GrantKey key;
  GrantPlace place;
};

/// One place for each grant. Of accounts that differ, the one whose wish is new wins (not what was
/// chosen before), else the first.
std::map<GrantKey, GrantPlace> settled_places(const std::vector<PlaceWish>& wishes,
                                              const GrantPlaces& before);

}  // namespace mail_oauth::claws
