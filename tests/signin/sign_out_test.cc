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

TEST_CASE("each sign-in that was given up is revoked, whatever becomes of the other",
          "[signin][sign_out]") {
  SignOutScene scene;
  scene.keeper.other = scene.keeper.grant->duplicate();
  scene.keeper.other->refresh_token = RefreshToken(Secret("rt-0"));
  const bool first_fails = GENERATE(false, true);
  scene.http.script = {{first_fails ? 401 : 200, R"({"error":"invalid_client"})", {}},
                       {200, "", {}}};

  const auto out = scene.run();

  REQUIRE(out);
  REQUIRE(scene.http.seen.size() == 2);
  CHECK(scene.http.seen[0].body.find("token=rt-1") != std::string::npos);
  CHECK(scene.http.seen[1].body.find("token=rt-0") != std::string::npos);
  CHECK(out->revoked == !first_fails);
  CHECK(out->not_revoked.has_value() == first_fails);
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

TEST_CASE("a refresh token is revoked only where its sign-in saw that it can be",
          "[signin][sign_out]") {
  const auto [seen, named, revoked] = GENERATE(table<std::string, std::string, bool>({
      {"https://p.example/r", "https://p.example/r", true},
      {"https://r.p.example/r", "https://r.p.example/r", true},
      {"https://p.example/r", "https://evil.example/r", false},
      {"https://p.example/r", "https://p.example/other", false},
      {"", "https://p.example/r", true},      // an older version kept none: where it goes anyway
      {"", "https://P.example:443/r", true},  //
      {"", "https://evil.example/r", false},  // added since
      {"", "https://p.example:8443/r", false},
      {"", "http://p.example/r", false},
      {"", "https://p.example.evil.example/r", false},
      {"", "https://p.example@evil.example/r", false},
  }));
  CAPTURE(seen, named);
  SignOutScene scene;
  scene.keeper.grant->revocation_endpoint = seen;
  scene.provider->endpoints.revocation = named;
  scene.http.script = {{200, "", {}}};

  const auto out = scene.run();

  REQUIRE(out);
  CHECK(out->revoked == revoked);
  CHECK(scene.http.seen.size() == (revoked ? 1 : 0));
  CHECK_FALSE(scene.keeper.grant);
  if (!revoked) CHECK(out->not_revoked->kind == Error::Kind::kConfig);
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
