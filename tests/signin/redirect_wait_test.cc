// SPDX-License-Identifier: GPL-3.0-or-later
//
// Addresses that a client was registered with; authorization_code_flow_test.cc has the loopback.
#include "signin/redirect_wait.h"

#include "signin/fakes.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

struct RedirectWaitScene {
  Journal journal;
  FakeListeners listeners{journal};
  FakeClock clock;
  RedirectRule rule;
  std::optional<Result<AuthorizationCode>> answer;
  signin::RedirectWait wait{clock,
                            [this](Result<AuthorizationCode> code) { answer = std::move(code); }};

  RedirectWaitScene() {
    rule.kind = RedirectKind::kRegistered;
    rule.uri = "https://client.example/back?from=mail";
  }

  Result<void> listen() {
    oauth::ExpectedRedirect expected;
    expected.state = "s1";
    return wait.listen(listeners, rule, expected, std::chrono::seconds(600));
  }
};

}  // namespace

TEST_CASE("nobody listens for a registered address, and it goes out byte for byte", "[signin]") {
  RedirectWaitScene scene;

  REQUIRE(scene.listen());

  CHECK(scene.journal.empty());
  CHECK(scene.wait.redirect_uri() == "https://client.example/back?from=mail");
}

TEST_CASE("what the person pastes ends the wait for a registered address", "[signin]") {
  RedirectWaitScene scene;
  REQUIRE(scene.listen());
  CHECK_FALSE(scene.wait.paste("https://client.example/back?from=mail&code=abc&state=other"));

  REQUIRE(scene.wait.paste("https://client.example/back?from=mail&code=abc&state=s1"));
  run_until_quiet();

  REQUIRE(scene.answer);
  REQUIRE(*scene.answer);
  CHECK((*scene.answer)->reveal() == "abc");
}

TEST_CASE("the wait for a registered address has its limit", "[signin]") {
  RedirectWaitScene scene;
  REQUIRE(scene.listen());

  scene.clock.advance(std::chrono::seconds(601));
  run_until_quiet();

  REQUIRE(scene.answer);
  REQUIRE_FALSE(*scene.answer);
  CHECK(scene.answer->error().kind == Error::Kind::kTransient);
}

TEST_CASE("a registered address that nobody has said is asked for", "[signin]") {
  RedirectWaitScene scene;
  scene.rule.uri.clear();

  const auto listening = scene.listen();

  REQUIRE_FALSE(listening);
  CHECK(listening.error().kind == Error::Kind::kConfig);
  CHECK(listening.error().what.find("--redirect-uri") != std::string::npos);
}
