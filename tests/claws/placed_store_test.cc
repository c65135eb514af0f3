// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/placed_store.h"

#include "claws/placing_keeper.h"
#include "support/catch.h"
#include "support/memory_store.h"
#include "support/quiet.h"
#include "support/token_store.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;
using namespace mail_oauth::testing;

namespace {

Error absent() { return make_error(Error::Kind::kStorage, "No bus.", "no-bus"); }

struct Bench {
  MemoryStore keyring;
  MemoryStore host;
  MemoryStore session;
  GrantPlaces places;
  PlacedTokenStore store{{keyring, host, session}, places};

  MemoryStore& at(GrantPlace place) {
    if (place == GrantPlace::kKeyring) return keyring;
    return place == GrantPlace::kClaws ? host : session;
  }
  std::string refresh_in(GrantPlace place) {
    const auto found = at(place).items->grants.find(kAlice);
    return found == at(place).items->grants.end()
               ? ""
               : std::string(found->second.refresh_token.reveal());
  }
  std::string loaded() {
    const auto found = load(store, kAlice);
    if (!found) return found.error().code;
    return *found ? std::string((**found).refresh_token.reveal()) : "nothing";
  }
};

const auto kAllPlaces = {GrantPlace::kKeyring, GrantPlace::kClaws, GrantPlace::kSession};

}  // namespace

TEST_CASE("a grant of which nobody said anything goes into the keyring", "[claws][placed]") {
  Bench bench;
  REQUIRE(save(bench.store, grant_of(kAlice, "R1")));

  CHECK(bench.refresh_in(GrantPlace::kKeyring) == "R1");
  CHECK(bench.host.items->grants.empty());
  CHECK(bench.session.items->grants.empty());
}

TEST_CASE("a grant stays where it is found until somebody says otherwise", "[claws][placed]") {
  Bench bench;
  bench.host.put(grant_of(kAlice, "R1"));
  CHECK(bench.loaded() == "R1");
  REQUIRE(save(bench.store, grant_of(kAlice, "R2")));

  CHECK(bench.refresh_in(GrantPlace::kClaws) == "R2");
  CHECK(bench.keyring.items->grants.empty());
}

TEST_CASE("a grant moves from each place to each other", "[claws][placed]") {
  const auto from = GENERATE(values(kAllPlaces));
  const auto to = GENERATE(values(kAllPlaces));
  CAPTURE(place_word(from), place_word(to));
  Bench bench;
  bench.places.choose(kAlice, from);
  REQUIRE(save(bench.store, grant_of(kAlice, "R1")));

  bench.places.choose(kAlice, to);
  CHECK(bench.loaded() == "R1");
  REQUIRE(save(bench.store, grant_of(kAlice, "R1")));

  for (const auto place : kAllPlaces) {
    CHECK(bench.refresh_in(place) == (place == to ? "R1" : ""));
  }
  CHECK(bench.loaded() == "R1");
}

TEST_CASE("it is written in the new place before it is erased in the old", "[claws][placed]") {
  Bench bench;
  bench.host.put(grant_of(kAlice, "R1"));
  bench.places.choose(kAlice, GrantPlace::kKeyring);
  REQUIRE(bench.loaded() == "R1");
  bool there_still = false;
  bench.keyring.on_save = [&] { there_still = bench.refresh_in(GrantPlace::kClaws) == "R1"; };

  REQUIRE(save(bench.store, grant_of(kAlice, "R1")));

  CHECK(there_still);
  CHECK(bench.refresh_in(GrantPlace::kClaws).empty());
}

TEST_CASE("a new place that takes nothing leaves the grant where it was", "[claws][placed]") {
  Bench bench;
  bench.keyring.put(grant_of(kAlice, "R1"));
  bench.places.choose(kAlice, GrantPlace::kClaws);
  bench.host.save_fails = MemoryStore::locked();
  REQUIRE(bench.loaded() == "R1");

  CHECK(save(bench.store, grant_of(kAlice, "R1")).error().code == "locked");

  CHECK(bench.refresh_in(GrantPlace::kKeyring) == "R1");
  CHECK(bench.loaded() == "R1");
}

TEST_CASE("what cannot be erased in the old place is never found there again", "[claws][placed]") {
  Bench bench;
  bench.keyring.put(grant_of(kAlice, "R1"));
  bench.places.choose(kAlice, GrantPlace::kClaws);
  bench.keyring.save_fails = MemoryStore::locked();
  REQUIRE(bench.loaded() == "R1");

  REQUIRE(save(bench.store, grant_of(kAlice, "R2")));

  CHECK(bench.loaded() == "R2");
}

TEST_CASE("killed between writing and erasing, the next program finds the newer one, and cleans up",
          "[claws][placed]") {
  Bench bench;
  bench.keyring.put(grant_of(kAlice, "old"));
  bench.host.put(grant_of(kAlice, "new"));
  bench.places.choose(kAlice, GrantPlace::kClaws);

  CHECK(bench.loaded() == "new");
  GrantPlaces next;
  next.choose(kAlice, GrantPlace::kClaws);
  PlacedTokenStore store({bench.keyring, bench.host, bench.session}, next);
  REQUIRE(save(store, grant_of(kAlice, "newer")));

  CHECK(bench.refresh_in(GrantPlace::kKeyring).empty());
}

TEST_CASE("another choice during a save erases nothing that was just written", "[claws][placed]") {
  Bench bench;
  bench.places.choose(kAlice, GrantPlace::kKeyring);
  bench.keyring.on_save = [&] { bench.places.choose(kAlice, GrantPlace::kClaws); };

  REQUIRE(save(bench.store, grant_of(kAlice, "R2")));

  CHECK(bench.refresh_in(GrantPlace::kKeyring) == "R2");
  CHECK(bench.loaded() == "R2");
}

TEST_CASE("a keyring that is locked might hold it, one that does not run holds nothing",
          "[claws][placed]") {
  using Place = GrantPlace;
  const auto [chosen, why, says] = GENERATE(table<Place, Error, std::string>({
      {Place::kKeyring, MemoryStore::locked(), "locked"},
      {Place::kKeyring, absent(), "no-bus"},
      {Place::kClaws, MemoryStore::locked(), "locked"},
      {Place::kClaws, absent(), "nothing"},
      {Place::kSession, absent(), "nothing"},
  }));
  Bench bench;
  bench.places.choose(kAlice, chosen);
  bench.keyring.load_fails = why;
  CHECK(bench.loaded() == says);

  bench.host.put(grant_of(kAlice, "R1"));
  if (chosen == Place::kClaws || why.code == "no-bus") CHECK(bench.loaded() == "R1");
}

TEST_CASE("a grant is erased everywhere, or the refusal is told", "[claws][placed]") {
  Bench bench;
  for (const auto place : kAllPlaces) bench.at(place).put(grant_of(kAlice));
  bench.host.save_fails = MemoryStore::locked();
  CHECK(erase(bench.store, kAlice).error().code == "locked");

  bench.host.save_fails.reset();
  REQUIRE(erase(bench.store, kAlice));
  CHECK(bench.loaded() == "nothing");
}

TEST_CASE("all places are listed, each grant once", "[claws][placed]") {
  Bench bench;
  const GrantKey bob{{"p", "c", "t"}, "bob@example.com"};
  bench.keyring.put(grant_of(kAlice));
  bench.host.put(grant_of(kAlice));
  bench.session.put(grant_of(bob));

  CHECK(*list(bench.store) == std::vector<GrantKey>{kAlice, bob});
}

TEST_CASE("the place for a new sign-in is the one that is proved", "[claws][placed]") {
  Bench bench;
  bench.keyring.save_fails = absent();
  CHECK(prove(bench.store).error().code == "no-bus");

  PlacedTokenStore store{
      {bench.keyring, bench.host, bench.session}, bench.places, GrantPlace::kSession};
  REQUIRE(prove(store));
  CHECK(bench.session.count("prove") == 1);
}

TEST_CASE("a sign-in keeps its place while another one for another place is under way",
          "[claws][placed]") {
  struct Keeper : GrantKeeper {
    Call adopt(Grant, Done<void>) override { return {}; }
    Call give_up(GrantKey, Done<std::vector<Grant>>) override { return {}; }
  } keeper;
  GrantPlaces places;
  PlacingKeeper first(places, keeper, GrantPlace::kClaws);
  PlacingKeeper second(places, keeper, GrantPlace::kSession);
  const GrantKey bob{{"p", "c", "t"}, "bob@example.com"};

  const Call one = second.adopt(grant_of(bob), {});
  const Call other = first.adopt(grant_of(kAlice), {});

  CHECK(places.chosen(kAlice) == GrantPlace::kClaws);
  CHECK(places.chosen(bob) == GrantPlace::kSession);
}

TEST_CASE("who is asked to unlock is asked for the grant's own place", "[claws][placed]") {
  Bench bench;
  bench.places.choose(kAlice, GrantPlace::kClaws);
  bench.host.save_fails = MemoryStore::locked();
  std::optional<Result<void>> proved;
  const auto prove_room = [&] {
    return bench.store.prove_room_for(
        kAlice, [&](Result<void> result) { proved.emplace(std::move(result)); });
  };
  const Call call = prove_room();
  run_until_quiet();

  REQUIRE(proved);
  REQUIRE_FALSE(proved->has_value());
  CHECK(proved->error().code == "locked");
  CHECK(bench.keyring.asked.empty());
  CHECK(bench.host.asked == std::vector<std::string>{"prove"});
}

TEST_CASE("client secrets are the keyring's, and nobody's where none runs", "[claws][placed]") {
  Bench bench;
  REQUIRE(save_secret(bench.store, kAlice.client, "secret"));
  CHECK((*load_secret(bench.store, kAlice.client))->reveal() == "secret");
  bench.keyring.load_fails = absent();
  CHECK(load_secret(bench.store, kAlice.client).error().code == "no-bus");

  bench.places.choose(kAlice, GrantPlace::kClaws);
  CHECK_FALSE(*load_secret(bench.store, kAlice.client));
  bench.keyring.load_fails = MemoryStore::locked();
  CHECK(load_secret(bench.store, kAlice.client).error().code == "locked");
}
