// SPDX-License-Identifier: GPL-3.0-or-later
//
// A sign-in by code with every port scripted, and a clock that the test turns.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/base64url.h"
#include "signin/device_code_flow.h"
#include "signin/fakes.h"
#include "support/catch.h"
#include "support/manual_clock.h"
#include "support/scripted_http_client.h"

namespace mail_oauth::testing {

using namespace std::chrono_literals;
using signin::DeviceCodeFlow;
using signin::DevicePrompt;
using signin::SignedIn;

using Seconds = std::vector<std::chrono::seconds>;

inline constexpr const char* kPending = R"({"error":"authorization_pending"})";
inline constexpr const char* kSlowDown = R"({"error":"slow_down"})";

inline Provider example_provider() {
  Provider provider;
  provider.id = "p";
  provider.name = "P";
  provider.file = "/etc/p.json";
  provider.endpoints.issuer = "https://p.example";
  provider.endpoints.authorization = "https://p.example/authorize";
  provider.endpoints.token = "https://p.example/token";
  provider.endpoints.device_authorization = "https://p.example/device";
  provider.endpoints.revocation = "https://p.example/revoke";
  provider.scopes.mail = {{Protocol::kImap, {"https://m.example/IMAP"}},
                          {Protocol::kSmtp, {"https://m.example/SMTP"}}};
  provider.scopes.always = {"offline_access"};
  provider.identity_claims = {"preferred_username"};
  return provider;
}

inline std::string code_answer(const std::string& more) {
  return R"({"device_code":"dc-1","user_code":"WDJB-MJHT",)"
         R"("verification_uri":"https://p.example/go")" +
         more + "}";
}

inline std::string tokens_of(const std::string& name, const std::string& more = "") {
  const std::string claims = base64url(R"({"aud":"c1","iss":"https://p.example","exp":1900000000,)"
                                       R"("preferred_username":")" +
                                       name + R"("})");
  return R"({"access_token":"at-1","token_type":"Bearer","expires_in":3599,)"
         R"("refresh_token":"rt-1","id_token":")" +
         base64url(R"({"alg":"none"})") + "." + claims + ".\"" + more + "}";
}

/// Notes when each request was made.
struct TimedHttp : HttpClient {
  explicit TimedHttp(Clock& the_clock) : clock(the_clock) {}
  Clock& clock;
  ScriptedHttpClient script;
  std::vector<BootTime> times;

  Call send(HttpRequest request, Done<HttpAnswer> done) override {
    times.push_back(clock.uptime());
    return script.send(std::move(request), std::move(done));
  }
};

// A sign-in of alice@example.com with everything scripted.
struct DeviceScene {
  Journal journal;
  FakeStore store{journal};
  FakeKeeper keeper{journal};
  ManualClock clock;
  TimedHttp http{clock};
  Provider provider = example_provider();
  signin::DeviceTalk talk;
  std::optional<DevicePrompt> prompt;
  std::vector<std::string> troubles;
  Seconds shown_left;
  std::unique_ptr<DeviceCodeFlow> flow;
  std::optional<Result<SignedIn>> result;
  int results = 0;

  void start() {
    talk.prompt = [this](const DevicePrompt& given) { prompt = given; };
    talk.time_left = [this](std::chrono::seconds left) { shown_left.push_back(left); };
    talk.trouble = [this](const Error& why) { troubles.push_back(why.what); };
    signin::SignInRequest request;
    request.provider = provider;
    request.client = {"p", "c1", ""};
    request.address = "Alice@example.com";
    request.protocols = {Protocol::kImap, Protocol::kSmtp};
    flow = std::make_unique<DeviceCodeFlow>(signin::DevicePorts{store, keeper, http, clock},
                                            std::move(request), talk);
    flow->start([this](Result<SignedIn> answer) {
      ++results;
      result.emplace(std::move(answer));
    });
    CHECK_FALSE(result);  // never from inside the call
    run_until_quiet();
  }

  /// Starts, and gets a code of this shape.
  void start_with(const std::string& more) {
    http.script.answer(200, code_answer(more));
    start();
  }

  /// The pauses between the answered requests, the one for the code among them.
  Seconds pauses() const {
    Seconds spans;
    for (std::size_t i = 1; i < http.times.size(); ++i) {
      spans.push_back(
          std::chrono::duration_cast<std::chrono::seconds>(http.times[i] - http.times[i - 1]));
    }
    return spans;
  }

  std::size_t polls() const { return http.times.size() - 1; }

  Error::Kind failure() const {
    REQUIRE(result);
    REQUIRE_FALSE(*result);
    CHECK(results == 1);
    CHECK_FALSE(keeper.grant);
    return result->error().kind;
  }
};

}  // namespace mail_oauth::testing
