// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/sign_out.h"

#include "signin/fakes.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using signin::SignedOut;

namespace {

struct SignOutScene {
  Journal journal;
  FakeStore store{journal};
  FakeKeeper keeper{journal};
  FakeHttp http{journal};
  FakeClock clock;
  std::optional<Provider> provider;
  GrantKey key = grant_key({"p", "c1", ""}, "alice@example.com");

  SignOutScene() {
    provider.emplace();
    provider->id = "p";
    provider->name = "P";
    provider->endpoints.authorization = "https://p.example/a";
    provider->endpoints.token = "https://p.example/t";
    provider->endpoints.revocation = "https://p.example/r";
    keeper.grant.emplace();
    keeper.grant->key = key;
    keeper.grant->refresh_token = RefreshToken(Secret("rt-1"));
    keeper.grant->token_endpoint = "https://p.example/t";
  }

  Result<SignedOut> run() {
    signin::SignOut sign_out({store, keeper, http, clock}, provider, key, "");
    std::optional<Result<SignedOut>> result;
    sign_out.start([&result](Result<SignedOut> answer) { result.emplace(std::move(answer)); });
    run_until_quiet();
    REQUIRE(result);
    return *result;
  }
};

}  // namespace

TEST_CASE("a grant is forgotten and revoked", "[signin][sign_out]") {
  SignOutScene scene;
  scene.store.client_secret = "s3cret";
  scene.http.script = {{200, "", {}}};

  const auto out = scene.run();

  REQUIRE(out);
  CHECK(out->revoked);
  CHECK_FALSE(out->not_revoked);
  CHECK_FALSE(scene.keeper.grant);
  CHECK(scene.http.seen.at(0).body.find("token=rt-1") != std::string::npos);
  CHECK(scene.http.seen.at(0).body.find("client_secret=s3cret") != std::string::npos);
}

TEST_CASE("a grant is forgotten even where it cannot be revoked, and why is told",
          "[signin][sign_out]") {
  using Kind = Error::Kind;
  SignOutScene scene;
  Kind kind = Kind::kInternal;

  SECTION("no such endpoint") {
    scene.provider->endpoints.revocation.clear();
    kind = Kind::kConfig;
  }
  SECTION("no manifest") {
    scene.provider.reset();
    kind = Kind::kConfig;
  }
  SECTION("a manifest that now names another token endpoint") {
    scene.provider->endpoints.token = "https://evil.example/t";
    kind = Kind::kConfig;
  }
  SECTION("a manifest that wants a tenant") {
    scene.provider->endpoints.token = "https://p.example/{tenant}/t";
    kind = Kind::kConfig;
  }
  SECTION("a damaged item, which holds no token") {
    scene.keeper.grant->refresh_token = RefreshToken();
    kind = Kind::kStorage;
  }
  SECTION("no network") {
    scene.http.script = {{0, "", make_error(Kind::kTransient, "no route")}};
    kind = Kind::kTransient;
  }
  SECTION("the provider refuses") {
    scene.http.script = {{401, R"({"error":"invalid_client"})", {}}};
    kind = Kind::kConfig;
  }

  const auto out = scene.run();

  REQUIRE(out);
  CHECK_FALSE(out->revoked);
  REQUIRE(out->not_revoked);
  CHECK(out->not_revoked->kind == kind);
  CHECK_FALSE(scene.keeper.grant);
}

TEST_CASE("nothing is revoked that is still kept", "[signin][sign_out]") {
  SignOutScene scene;
  scene.keeper.failure = make_error(Error::Kind::kStorage, "locked");

  const auto out = scene.run();

  REQUIRE_FALSE(out);
  CHECK(out.error().kind == Error::Kind::kStorage);
  CHECK(scene.http.seen.empty());
}

TEST_CASE("signing out without a grant is a usage error", "[signin][sign_out]") {
  SignOutScene scene;
  scene.keeper.grant.reset();

  CHECK(scene.run().error().kind == Error::Kind::kConfig);
}
