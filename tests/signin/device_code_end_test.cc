// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/device_scene.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("errors before there is a code keep their kind", "[signin][device]") {
  const auto [status, body, kind] = GENERATE(table<int, std::string, Error::Kind>({
      {400, R"({"error":"invalid_client"})", Error::Kind::kConfig},
      {503, "<html>", Error::Kind::kTransient},
      {200, "<html>", Error::Kind::kProtocol},
      {200, R"({"device_code":"d","user_code":"u","verification_uri":"file:///x"})",
       Error::Kind::kProtocol},
  }));
  CAPTURE(status, body);
  DeviceScene scene;
  scene.http.script.answer(status, body);

  scene.start();

  CHECK(scene.failure() == kind);
  CHECK_FALSE(scene.prompt);
}

TEST_CASE("a server that cannot be reached before there is a code is told", "[signin][device]") {
  DeviceScene scene;
  scene.http.script.fail(make_error(Error::Kind::kTransient, "no route"));

  scene.start();

  CHECK(scene.failure() == Error::Kind::kTransient);
}

TEST_CASE("answers that end the waiting keep their kind", "[signin][device]") {
  const auto [status, body, kind] = GENERATE(table<int, std::string, Error::Kind>({
      {400, R"({"error":"access_denied"})", Error::Kind::kCancelled},
      {400, R"({"error":"authorization_declined"})", Error::Kind::kCancelled},
      {400, R"({"error":"expired_token"})", Error::Kind::kTransient},
      {400, R"({"error":"bad_verification_code"})", Error::Kind::kProtocol},
      {401, R"({"error":"invalid_client"})", Error::Kind::kConfig},
      {200, "<html>", Error::Kind::kProtocol},
      {200, R"({"access_token":"at","token_type":"Bearer"})",
       Error::Kind::kProtocol},  // no refresh token
  }));
  CAPTURE(status, body);
  DeviceScene scene;
  scene.start_with("");
  scene.http.script.answer(status, body);

  scene.clock.advance(5s);

  CHECK(scene.failure() == kind);
  scene.clock.advance(60s);
  CHECK(scene.polls() == 1);  // nobody goes on asking
}

TEST_CASE("another identity has to be confirmed after a code too", "[signin][device]") {
  DeviceScene scene;
  std::string question;
  std::function<void(bool)> decide;
  scene.talk.confirm_identity = [&](const std::string& asked, const std::string& found,
                                    std::function<void(bool)> the_decide) {
    question = asked + " " + found;
    decide = the_decide;
  };
  scene.start_with("");
  scene.http.script.answer(200, tokens_of("bob@example.com"));
  scene.clock.advance(5s);
  CHECK(question == "Alice@example.com bob@example.com");
  CHECK_FALSE(scene.keeper.grant);
  const auto told = scene.shown_left.size();
  scene.clock.advance(1000s);  // the code's end is no longer of interest
  CHECK_FALSE(scene.result);
  CHECK(scene.shown_left.size() == told);

  SECTION("accepted") {
    decide(true);
    run_until_quiet();
    REQUIRE(scene.result);
    CHECK(*scene.result);
  }
  SECTION("declined: nothing is kept, and the provider is told") {
    scene.http.script.answer(200, "");
    decide(false);
    run_until_quiet();
    CHECK(scene.failure() == Error::Kind::kCancelled);
    CHECK(scene.http.script.seen.back().url == "https://p.example/revoke");
  }
  SECTION("cancelled meanwhile") {
    scene.flow->cancel();
    decide(true);
    run_until_quiet();
    CHECK(scene.failure() == Error::Kind::kCancelled);
  }
}

TEST_CASE("another identity is declined where nobody can be asked after a code",
          "[signin][device]") {
  DeviceScene scene;
  scene.start_with("");
  scene.http.script.answer(200, tokens_of("bob@example.com"));
  scene.http.script.answer(200, "");

  scene.clock.advance(5s);

  CHECK(scene.failure() == Error::Kind::kCancelled);
}

TEST_CASE("a code's grant that cannot be kept is an error", "[signin][device]") {
  DeviceScene scene;
  scene.keeper.failure = make_error(Error::Kind::kStorage, "disk full");
  scene.start_with("");
  scene.http.script.answer(200, tokens_of("alice@example.com"));

  scene.clock.advance(5s);

  REQUIRE(scene.result);
  REQUIRE_FALSE(*scene.result);
  CHECK(scene.result->error().kind == Error::Kind::kStorage);
}

TEST_CASE("cancelling ends it at any time, once", "[signin][device]") {
  DeviceScene scene;
  SECTION("before the code") { scene.start(); }
  SECTION("while waiting") { scene.start_with(""); }
  SECTION("while polling") {
    scene.start_with("");
    scene.clock.advance(5s);
    REQUIRE(scene.http.script.open() == 1);
  }

  scene.flow->cancel();
  scene.flow->cancel();
  run_until_quiet();

  CHECK(scene.failure() == Error::Kind::kCancelled);
  CHECK(scene.http.script.open() == 0);
  const auto before = scene.http.times.size();
  scene.clock.advance(1000s);
  CHECK(scene.http.times.size() == before);
}

TEST_CASE("a code's grant that has gone to its keeper is not called cancelled",
          "[signin][device]") {
  const bool kept = GENERATE(true, false);
  DeviceScene scene;
  scene.keeper.late = true;
  scene.start_with("");
  scene.http.script.answer(200, tokens_of("alice@example.com"));
  scene.clock.advance(5s);
  REQUIRE(scene.keeper.grant);

  CHECK_FALSE(scene.flow->cancel());
  run_until_quiet();
  CHECK_FALSE(scene.result);
  REQUIRE(scene.keeper.due);
  scene.keeper.due(kept ? Result<void>() : make_error(Error::Kind::kStorage, "locked"));

  REQUIRE(scene.result);
  CHECK(scene.result->has_value() == kept);
  if (!kept) CHECK(scene.result->error().kind == Error::Kind::kStorage);
}

TEST_CASE("a flow may be cancelled or destroyed from each of its calls", "[signin][device]") {
  const bool destroy = GENERATE(false, true);
  DeviceScene scene;
  const auto end = [&] {
    if (destroy) return scene.flow.reset();
    scene.flow->cancel();
  };
  SECTION("the prompt") {
    scene.http.script.answer(200, code_answer(""));
    signin::SignInRequest request;
    request.provider = scene.provider;
    request.client = {"p", "c1", ""};
    request.address = "alice@example.com";
    request.protocols = {Protocol::kImap};
    signin::DeviceTalk talk;
    talk.prompt = [&](const DevicePrompt&) { end(); };
    talk.time_left = [](std::chrono::seconds) { FAIL("it is over"); };
    scene.flow = std::make_unique<DeviceCodeFlow>(
        signin::DevicePorts{scene.store, scene.keeper, scene.http, scene.clock}, request, talk);
    scene.flow->start([&](Result<SignedIn> answer) { scene.result.emplace(std::move(answer)); });
  }
  SECTION("the question who it is") {
    scene.talk.confirm_identity = [&](const std::string&, const std::string&,
                                      std::function<void(bool)>) { end(); };
    scene.start_with("");
    scene.http.script.answer(200, tokens_of("bob@example.com"));
  }
  run_until_quiet();

  scene.clock.advance(100s);

  CHECK(scene.result.has_value() == !destroy);
  CHECK_FALSE(scene.keeper.grant);
}
