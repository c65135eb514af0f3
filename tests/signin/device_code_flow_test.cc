// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/device_code_flow.h"

#include "signin/device_scene.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

TEST_CASE("a sign-in by code ends with a grant", "[signin][device]") {
  DeviceScene scene;
  scene.start_with(R"(,"expires_in":1800,"interval":5)");
  REQUIRE(scene.prompt);
  CHECK(scene.prompt->user_code == "WDJB-MJHT");
  CHECK(scene.prompt->verification_uri == "https://p.example/go");
  CHECK(scene.prompt->link() == "https://p.example/go");
  CHECK(scene.prompt->expires_in == 1800s);

  scene.http.script.answer(400, kPending);
  scene.http.script.answer(200, tokens_of("alice@example.com"));
  scene.clock.advance(10s);

  REQUIRE(scene.result);
  REQUIRE(*scene.result);
  CHECK((*scene.result)->key.identity == "alice@example.com");
  CHECK((*scene.result)->missing.empty());
  REQUIRE(scene.keeper.grant);
  CHECK(scene.keeper.grant->refresh_token.reveal() == "rt-1");
  CHECK(scene.keeper.grant->expires_at == scene.clock.now() + 3599s);
  CHECK(scene.keeper.grant->token_endpoint == "https://p.example/token");
  CHECK(scene.journal == Journal{"store.prove", "store.secret", "adopt"});
  CHECK(scene.pauses() == Seconds{5s, 5s});
}

TEST_CASE("the full scopes are asked for, and the code's address polled", "[signin][device]") {
  DeviceScene scene;
  scene.start_with("");
  scene.http.script.answer(200, tokens_of("alice@example.com"));
  scene.clock.advance(5s);

  REQUIRE(scene.http.script.seen.size() == 2);
  CHECK(scene.http.script.seen[0].url == "https://p.example/device");
  CHECK(scene.http.script.seen[0].body ==
        "client_id=c1&scope=https%3A%2F%2Fm.example%2FIMAP%20https%3A%2F%2Fm.example%2FSMTP"
        "%20offline_access");
  CHECK(scene.http.script.seen[1].url == "https://p.example/token");
  CHECK(scene.http.script.seen[1].body ==
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
        "&device_code=dc-1&client_id=c1");
}

TEST_CASE("the interval is the server's, 5 s when absent, and 5 s longer for good after slow_down",
          "[signin][device]") {
  const auto [more, answers, pauses] =
      GENERATE(table<std::string, std::vector<std::string>, Seconds>({
          {"", {kPending, kPending}, {5s, 5s, 5s}},
          {R"(,"interval":1)", {kPending, kPending}, {1s, 1s, 1s}},
          {R"(,"interval":"45")", {kPending}, {45s, 45s}},
          {R"(,"interval":5)", {kSlowDown, kPending, kPending}, {5s, 10s, 10s, 10s}},
          {"", {kPending, kSlowDown, kSlowDown, kPending}, {5s, 5s, 10s, 15s, 15s}},
      }));
  DeviceScene scene;
  scene.start_with(more);
  for (const std::string& answer : answers) scene.http.script.answer(400, answer);
  scene.http.script.answer(200, tokens_of("alice@example.com"));
  for (const auto pause : pauses) {
    const std::size_t before = scene.http.times.size();
    scene.clock.advance(pause - 1s);
    CHECK(scene.http.times.size() == before);  // not a second earlier
    scene.clock.advance(1s);
    CHECK(scene.http.times.size() == before + 1);
  }

  CHECK(scene.pauses() == pauses);
  REQUIRE(scene.result);
  CHECK(*scene.result);
}

TEST_CASE("no code is asked for when the store cannot store", "[signin][device]") {
  DeviceScene scene;
  scene.store.failure = make_error(Error::Kind::kStorage, "the keyring is locked");

  scene.start();

  CHECK(scene.failure() == Error::Kind::kStorage);
  CHECK(scene.http.times.empty());
}

TEST_CASE("a provider whose codes do not serve mail is refused at once", "[signin][device]") {
  const auto [flow, word] = GENERATE(table<DeviceFlow, std::string>({
      {DeviceFlow::kNotForMail, "does not give access to mail"},
      {DeviceFlow::kNone, "no sign-in with a code"},
  }));
  DeviceScene scene;
  scene.provider.declared_device_flow = flow;

  scene.start();

  CHECK(scene.failure() == Error::Kind::kConfig);
  CHECK(scene.result->error().what.find(word) != std::string::npos);
  CHECK(scene.result->error().what.find("--paste") != std::string::npos);
  CHECK(scene.journal.empty());
}

TEST_CASE("a provider without an address for codes is refused at once", "[signin][device]") {
  DeviceScene scene;
  scene.provider.endpoints.device_authorization.clear();

  scene.start();

  CHECK(scene.failure() == Error::Kind::kConfig);
  CHECK(scene.journal.empty());
}

TEST_CASE("where only the issuer is known, its metadata decides", "[signin][device]") {
  DeviceScene scene;
  scene.provider.endpoints = Endpoints();
  scene.provider.endpoints.issuer = "https://p.example";
  const std::string metadata =
      R"({"issuer":"https://p.example","authorization_endpoint":"https://p.example/a",)"
      R"("token_endpoint":"https://p.example/token")";

  SECTION("with an address for codes") {
    scene.http.script.answer(
        200, metadata + R"(,"device_authorization_endpoint":"https://p.example/dev"})");
    scene.start_with("");
    CHECK(scene.prompt);
    CHECK(scene.http.script.seen.at(1).url == "https://p.example/dev");
  }
  SECTION("without one") {
    scene.http.script.answer(200, metadata + "}");
    scene.start();
    CHECK(scene.failure() == Error::Kind::kConfig);
  }
}

TEST_CASE("a client secret is used in both requests, and missed where required",
          "[signin][device]") {
  DeviceScene scene;
  scene.provider.client_secret = Presence::kRequired;

  SECTION("stored") {
    scene.store.client_secret = "s3cret";
    scene.start_with("");
    scene.clock.advance(5s);
    REQUIRE(scene.http.script.seen.size() == 2);
    for (const auto& seen : scene.http.script.seen) {
      CHECK(seen.body.find("client_secret=s3cret") != std::string::npos);
    }
  }
  SECTION("missing") {
    scene.start();
    CHECK(scene.failure() == Error::Kind::kConfig);
    CHECK(scene.http.times.empty());
  }
}

TEST_CASE("trouble backs off and polling goes on", "[signin][device]") {
  DeviceScene scene;
  scene.start_with("");
  scene.http.script.fail(make_error(Error::Kind::kTransient, "time-out"));
  scene.http.script.answer(503, "<html>");
  scene.http.script.answer(429, "", {{"retry-after", "30"}});
  scene.http.script.answer(400, kPending);
  scene.http.script.answer(200, tokens_of("alice@example.com"));

  scene.clock.advance(120s);

  CHECK(scene.pauses() == Seconds{5s, 10s, 20s, 40s, 5s});
  CHECK(scene.troubles == std::vector<std::string>{"time-out"});  // said once
  REQUIRE(scene.result);
  CHECK(*scene.result);
}

TEST_CASE("a wish of the server longer than the back-off is honoured", "[signin][device]") {
  DeviceScene scene;
  scene.start_with("");
  scene.http.script.answer(503, "", {{"retry-after", "100"}});

  scene.clock.advance(200s);

  CHECK(scene.pauses() == Seconds{5s, 100s});
}

TEST_CASE("trouble to the end is the code's end, after a last try", "[signin][device]") {
  DeviceScene scene;
  scene.start_with(R"(,"expires_in":60)");
  for (int i = 0; i < 9; ++i) {
    scene.http.script.fail(make_error(Error::Kind::kTransient, "no route"));
  }

  scene.clock.advance(60s);

  CHECK(scene.failure() == Error::Kind::kTransient);
  CHECK(scene.result->error().code == "expired_token");
  CHECK(scene.pauses() == Seconds{5s, 10s, 20s, 24s});  // the last one second before the end
}

TEST_CASE("what is no trouble of the network ends it", "[signin][device]") {
  DeviceScene scene;
  scene.start_with("");
  scene.http.script.fail(make_error(Error::Kind::kConfig, "may not be asked"));

  scene.clock.advance(5s);

  CHECK(scene.failure() == Error::Kind::kConfig);
}

TEST_CASE("the code's end ends the waiting, and nobody polls after it", "[signin][device]") {
  const auto lifetime = GENERATE(as<std::string>{}, R"(,"expires_in":12)", R"(,"expires_in":"12")");
  DeviceScene scene;
  scene.start_with(lifetime);
  for (int i = 0; i < 5; ++i) scene.http.script.answer(400, kPending);

  scene.clock.advance(11s);
  CHECK_FALSE(scene.result);
  scene.clock.advance(1s);

  CHECK(scene.failure() == Error::Kind::kTransient);
  scene.clock.advance(60s);
  CHECK(scene.polls() == 2);
}

TEST_CASE("the time left is told every second", "[signin][device]") {
  DeviceScene scene;
  scene.start_with(R"(,"expires_in":4)");

  scene.clock.advance(4s);

  CHECK(scene.shown_left == Seconds{4s, 3s, 2s, 1s});
}

TEST_CASE("a suspend does not make an old code live on", "[signin][device]") {
  DeviceScene scene;
  scene.start_with(R"(,"expires_in":900,"interval":60)");

  scene.clock.suspend(1000s);
  scene.clock.advance(60s);  // the beat that was being waited for

  CHECK(scene.failure() == Error::Kind::kTransient);
}
