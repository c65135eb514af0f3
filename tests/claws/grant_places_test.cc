// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/grant_places.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

const GrantKey kPlacedAlice{{"p", "c", ""}, "alice@example.com"};
const GrantKey kPlacedBob{{"p", "c", ""}, "bob@example.com"};

}  // namespace

TEST_CASE("places have the words of the account's settings", "[claws][places]") {
  const auto [place, word] = GENERATE(table<GrantPlace, std::string>({
      {GrantPlace::kKeyring, "keyring"},
      {GrantPlace::kClaws, "claws"},
      {GrantPlace::kSession, "session"},
  }));

  CHECK(place_word(place) == word);
  CHECK(place_of_word(word) == place);
  CHECK_FALSE(place_of_word("command"));
  CHECK_FALSE(place_of_word(""));
}

TEST_CASE("of accounts that differ the new wish wins, else the first", "[claws][places]") {
  using Place = GrantPlace;
  const auto [before, first, second, settled] =
      GENERATE(table<std::optional<Place>, Place, Place, Place>({
          {std::nullopt, Place::kClaws, Place::kClaws, Place::kClaws},
          {std::nullopt, Place::kClaws, Place::kKeyring, Place::kClaws},  // as the program starts
          {Place::kKeyring, Place::kKeyring, Place::kClaws, Place::kClaws},
          {Place::kKeyring, Place::kClaws, Place::kKeyring, Place::kClaws},
          {Place::kClaws, Place::kClaws, Place::kKeyring, Place::kKeyring},
          {Place::kClaws, Place::kClaws, Place::kClaws, Place::kClaws},
          {Place::kKeyring, Place::kSession, Place::kClaws, Place::kSession},  // two new ones
      }));
  GrantPlaces places;
  if (before) places.choose(kPlacedAlice, *before);

  const auto all = settled_places(
      {{kPlacedAlice, first}, {kPlacedBob, GrantPlace::kSession}, {kPlacedAlice, second}}, places);

  CHECK(all.at(kPlacedAlice) == settled);
  CHECK(all.at(kPlacedBob) == GrantPlace::kSession);
  CHECK(all.size() == 2);
}

TEST_CASE("a client is away from the keyring when one of its grants is", "[claws][places]") {
  GrantPlaces places;
  places.choose(kPlacedBob, GrantPlace::kKeyring);
  CHECK_FALSE(places.away_from_keyring(kPlacedBob.client));

  places.choose(kPlacedAlice, GrantPlace::kClaws);
  CHECK(places.away_from_keyring(kPlacedBob.client));
  CHECK_FALSE(places.away_from_keyring({"p", "other", ""}));
}
