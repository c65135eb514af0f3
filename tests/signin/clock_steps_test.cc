// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody sets the wall clock while a person signs in: two hours and a year, both ways, at each
// state. Nothing of a sign-in is measured by that clock.
#include "codec/form.h"
#include "signin/authorization_code_flow.h"
#include "signin/device_scene.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

using Hours = std::chrono::hours;

std::chrono::hours any_step() {
  return GENERATE(Hours(2), Hours(-2), Hours(24 * 365), Hours(-24 * 365));
}

std::string state_in(const std::string& url) {
  const auto fields = parse_form(url.substr(url.find('?') + 1));
  if (!fields) return {};
  for (const auto& field : *fields) {
    if (field.first == "state") return field.second;
  }
  return {};
}

// A sign-in of alice@example.com with a browser.
struct BrowserScene {
  Journal journal;
  FakeStore store{journal};
  FakeKeeper keeper{journal};
  ScriptedHttpClient http;
  FakeListeners listeners{journal};
  FakeBrowser browser{journal};
  ManualClock clock;
  std::function<void(bool)> decide;
  std::unique_ptr<signin::AuthorizationCodeFlow> flow;
  std::optional<Result<SignedIn>> result;

  BrowserScene() {
    signin::SignInRequest request;
    request.provider = mail_oauth::testing::example_provider();
    request.client = {"p", "c1", ""};
    request.address = "alice@example.com";
    request.protocols = {Protocol::kImap};
    request.limit = 600s;
    signin::SignInTalk talk;
    talk.confirm_identity = [this](const std::string&, const std::string&,
                                   std::function<void(bool)> the_decide) { decide = the_decide; };
    flow = std::make_unique<signin::AuthorizationCodeFlow>(
        signin::Ports{store, keeper, http, listeners, browser, clock}, std::move(request), talk);
    flow->start([this](Result<SignedIn> answer) { result.emplace(std::move(answer)); });
  }

  void come_back() {
    listeners.judge("code=abc&state=" + state_in(browser.url));
    clock.advance(1s);
  }
};

}  // namespace

TEST_CASE("a clock that is set ends no sign-in with a browser", "[signin][clock]") {
  const auto step = any_step();
  const int state = GENERATE(0, 1, 2, 3);
  CAPTURE(step.count(), state);
  BrowserScene scene;

  if (state == 0) scene.clock.step(step);  // the store is being proved
  scene.clock.advance(1s);
  if (state == 1) scene.clock.step(step);  // the browser is open
  scene.clock.advance(590s);
  CHECK_FALSE(scene.result);
  scene.come_back();
  if (state == 2) scene.clock.step(step);  // the code is being redeemed
  scene.clock.advance(10s);
  scene.http.answer(200, tokens_of("upn@example.com"));
  scene.clock.advance(1s);
  if (state == 3) scene.clock.step(step);  // another identity is being confirmed
  scene.clock.advance(700s);
  REQUIRE(scene.decide);
  scene.decide(true);
  scene.clock.advance(1s);

  REQUIRE(scene.result);
  CHECK(*scene.result);
}

TEST_CASE("the time in which a person is asked makes no token live longer", "[signin][clock]") {
  const auto step = GENERATE(Hours(0), Hours(2), Hours(-2));
  CAPTURE(step.count());
  BrowserScene scene;
  scene.clock.advance(1s);
  scene.come_back();
  const BootTime received = scene.clock.uptime();
  scene.http.answer(200, tokens_of("upn@example.com"));
  scene.clock.advance(1s);
  REQUIRE(scene.decide);
  scene.clock.step(step);
  scene.clock.advance(1799s);
  scene.decide(true);
  run_until_quiet();

  REQUIRE(scene.keeper.grant);
  CHECK(scene.clock.uptime() - received == 1800s);
  CHECK(scene.keeper.grant->expires_at - scene.clock.now() == 3599s - 1800s);
}

TEST_CASE("a clock that is set leaves no sign-in with a browser waiting", "[signin][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  BrowserScene scene;
  scene.clock.advance(1s);

  scene.clock.step(step);
  scene.clock.advance(590s);
  CHECK_FALSE(scene.result);
  scene.clock.advance(11s);

  REQUIRE(scene.result);
  REQUIRE_FALSE(*scene.result);
  CHECK(scene.result->error().code == "nobody-came");
}

TEST_CASE("a sign-in that is suspended over its limit has ended on waking up", "[signin][clock]") {
  BrowserScene scene;
  scene.clock.advance(1s);

  scene.clock.suspend(Hours(2));
  scene.clock.advance(61s);

  REQUIRE(scene.result);
  CHECK(scene.result->error().code == "nobody-came");
}

TEST_CASE("a clock that is set ends no sign-in with a code", "[signin][clock]") {
  const auto step = any_step();
  const int state = GENERATE(0, 1, 2, 3);
  CAPTURE(step.count(), state);
  DeviceScene scene;
  if (state == 0) scene.start();  // the code is being asked for
  if (state == 0) scene.clock.step(step);
  if (state == 0) scene.http.script.answer(200, code_answer(R"(,"expires_in":900)"));
  if (state != 0) scene.start_with(R"(,"expires_in":900)");
  run_until_quiet();
  if (state == 1) scene.clock.step(step);  // before the first poll
  scene.http.script.answer(400, kPending);
  scene.clock.advance(5s);
  CHECK(scene.polls() == 1);
  scene.http.script.fail(make_error(Error::Kind::kTransient, "offline"));
  scene.clock.advance(5s);
  if (state == 2) scene.clock.step(step);  // backing off
  scene.clock.advance(10s);
  CHECK(scene.polls() == 3);
  if (state == 3) scene.clock.step(step);  // a poll is under way
  scene.http.script.answer(200, tokens_of("alice@example.com"));
  scene.clock.advance(1s);

  REQUIRE(scene.result);
  CHECK(*scene.result);
}

TEST_CASE("a clock that is set leaves no sign-in with a code waiting", "[signin][clock]") {
  const auto step = any_step();
  CAPTURE(step.count());
  DeviceScene scene;
  scene.start_with(R"(,"expires_in":100,"interval":30)");

  scene.clock.step(step);
  for (int poll = 0; poll < 3; ++poll) scene.http.script.answer(400, kPending);
  scene.clock.advance(99s);
  CHECK_FALSE(scene.result);
  CHECK(scene.polls() == 3);
  CHECK(scene.shown_left.back() == 1s);
  scene.clock.advance(2s);

  REQUIRE(scene.result);
  REQUIRE_FALSE(*scene.result);
  CHECK(scene.result->error().code == "expired_token");
}
