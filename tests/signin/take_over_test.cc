// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/take_over.h"

#include "signin/fakes.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

struct TakeOverScene {
  Journal journal;
  FakeStore store{journal};
  FakeKeeper keeper{journal};
  FakeHttp http{journal};
  FakeClock clock;
  signin::SignInRequest request;

  TakeOverScene() {
    Provider& provider = request.provider;
    provider.id = "p";
    provider.endpoints.authorization = "https://p.example/a";
    provider.endpoints.token = "https://p.example/{tenant}/t";
    provider.scopes.mail[Protocol::kImap] = {"imap"};
    request.client = {"p", "c1", "contoso"};
    request.address = "Alice@Example.com";
    request.protocols = {Protocol::kImap};
  }

  Result<GrantKey> run() {
    signin::TakeOver take_over({store, keeper, http, clock}, request,
                               RefreshToken(Secret("theirs")));
    std::optional<Result<GrantKey>> result;
    take_over.start([&result](Result<GrantKey> answer) { result.emplace(std::move(answer)); });
    run_until_quiet();
    REQUIRE(result);
    return *result;
  }
};

}  // namespace

TEST_CASE("another program's sign-in is kept as it is and renewed at its next use",
          "[signin][take_over]") {
  TakeOverScene scene;

  const auto key = scene.run();

  REQUIRE(key);
  CHECK(*key == grant_key({"p", "c1", "contoso"}, "alice@example.com"));
  REQUIRE(scene.keeper.grant);
  CHECK(scene.keeper.grant->refresh_token.reveal() == "theirs");
  CHECK(scene.keeper.grant->access_token.reveal().empty());
  CHECK(scene.keeper.grant->expires_at <= scene.clock.now());
  CHECK(scene.keeper.grant->scope.empty());
  CHECK(scene.keeper.grant->token_endpoint == "https://p.example/contoso/t");
  CHECK(scene.http.seen.empty());
}

TEST_CASE("what cannot be kept is not taken over", "[signin][take_over]") {
  TakeOverScene scene;
  Error::Kind kind = Error::Kind::kStorage;

  SECTION("a keyring that keeps nothing") {
    scene.store.failure = make_error(Error::Kind::kStorage, "locked");
  }
  SECTION("a client whose secret is missing") {
    scene.request.provider.client_secret = Presence::kRequired;
    kind = Error::Kind::kConfig;
  }
  SECTION("a provider whose tenant is not told") {
    scene.request.client.tenant.clear();
    kind = Error::Kind::kConfig;
  }
  const auto key = scene.run();

  REQUIRE_FALSE(key);
  CHECK(key.error().kind == kind);
  CHECK_FALSE(scene.keeper.grant);
}
