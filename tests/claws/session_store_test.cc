// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/session_store.h"

#include "support/catch.h"
#include "support/token_store.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("what is kept for the session is found until it is erased", "[claws][session]") {
  claws::SessionTokenStore store;
  REQUIRE(prove(store));
  CHECK_FALSE(*load(store, kAlice));

  REQUIRE(save(store, grant_of(kAlice, "R1")));
  REQUIRE(save(store, grant_of(kAlice, "R2")));

  CHECK((*load(store, kAlice))->refresh_token.reveal() == "R2");
  CHECK(*list(store) == std::vector<GrantKey>{kAlice});
  REQUIRE(erase(store, kAlice));
  CHECK_FALSE(*load(store, kAlice));
  CHECK(list(store)->empty());
}

TEST_CASE("client secrets are not kept for the session", "[claws][session]") {
  claws::SessionTokenStore store;

  CHECK(save_secret(store, kAlice.client, "s").error().kind == Error::Kind::kConfig);
  CHECK_FALSE(*load_secret(store, kAlice.client));
}
