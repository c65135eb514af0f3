// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/device_poll.h"

#include "oauth/token_request.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace std::chrono_literals;
using oauth::PollPace;
using oauth::PollVerdict;
using PollKind = oauth::PollVerdict::Kind;

namespace {

Client polling_client(std::string_view id, std::string_view secret = "") {
  return Client{{"example", std::string(id), ""}, ClientSecret(Secret(secret))};
}

}  // namespace

TEST_CASE("a poll is that of RFC 8628 section 3.4", "[oauth][device]") {
  const DeviceCode code(Secret("GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"));

  CHECK(oauth::device_poll_body(polling_client("1406020730"), code).reveal() ==
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
        "&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"
        "&client_id=1406020730");
}

TEST_CASE("a poll carries the client's secret where there is one", "[oauth][device]") {
  const DeviceCode code(Secret("d+e"));

  CHECK(oauth::device_poll_body(polling_client("c", "s t"), code).reveal() ==
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
        "&device_code=d%2Be&client_id=c&client_secret=s%20t");
}

TEST_CASE("what a provider wants besides goes with each poll", "[oauth][device]") {
  const DeviceCode code(Secret("d"));
  CHECK(oauth::device_poll_body(polling_client("c"), code, {{"audience", "a b"}}).reveal() ==
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d"
        "&client_id=c&audience=a%20b");
}

TEST_CASE("answers that mean waiting", "[oauth][device]") {
  const auto [status, body, kind] = GENERATE(table<int, std::string, PollKind>({
      {400, R"({"error":"authorization_pending"})", PollKind::kPending},  // RFC 8628 section 3.5
      {400, R"({"error":"slow_down"})", PollKind::kSlowDown},
      {429, R"({"error":"slow_down"})", PollKind::kSlowDown},             // whatever the status
      {428, R"({"error":"authorization_pending"})", PollKind::kPending},  // Google's status
      {200, R"({"error":"authorization_pending"})", PollKind::kPending},
      {503, "<html>", PollKind::kUnreachable},
      {500, R"({"error":"server_error"})", PollKind::kUnreachable},
      {400, R"({"error":"temporarily_unavailable"})", PollKind::kUnreachable},
      {429, "", PollKind::kUnreachable},
      {408, "", PollKind::kUnreachable},  // RFC 9110 section 15.5.9: the request may be repeated
      {425, "", PollKind::kUnreachable},  // RFC 8470 section 5.2
      {200, R"({"access_token":"a"})", PollKind::kTokens},
      {200, "<html>", PollKind::kTokens},  // parse_tokens will say what is wrong
  }));
  CAPTURE(status, body);

  CHECK(oauth::judge_poll(status, body).kind == kind);
}

TEST_CASE("answers that end it", "[oauth][device]") {
  const auto [status, body, kind, word] =
      GENERATE(table<int, std::string, Error::Kind, std::string>({
          {400, R"({"error":"access_denied"})", Error::Kind::kCancelled, "declined"},
          // a policy may say why
          {400, R"({"error":"access_denied","error_description":"Not from here."})",
           Error::Kind::kRefused, "Not from here."},
          // Microsoft's name; its text has nothing that the person does not know
          {400, R"({"error":"authorization_declined","error_description":"AADSTS70000: x"})",
           Error::Kind::kCancelled, "declined"},
          {400, R"({"error":"expired_token"})", Error::Kind::kTransient, "ran out"},
          {400, R"({"error":"bad_verification_code"})", Error::Kind::kProtocol, "Start again"},
          {400, R"({"error":"invalid_grant"})", Error::Kind::kReauthorize, "sign-in"},
          {401, R"({"error":"invalid_client"})", Error::Kind::kConfig, "client id"},
          {400, R"({"error":"something_new"})", Error::Kind::kRefused, "refused"},
          {400, "", Error::Kind::kProtocol, "400"},
          {404, "<html>", Error::Kind::kProtocol, "404"},
      }));
  CAPTURE(status, body);

  const PollVerdict verdict = oauth::judge_poll(status, body);

  CHECK(verdict.kind == PollKind::kFailed);
  CHECK(verdict.error.kind == kind);
  CHECK(verdict.error.what.find(word) != std::string::npos);
}

TEST_CASE("slow_down adds five seconds for good", "[oauth][device]") {
  PollPace pace(5s);
  CHECK(pace.wait(900s) == 5s);

  pace.slow_down();
  CHECK(pace.wait(900s) == 10s);
  pace.pending();
  CHECK(pace.wait(900s) == 10s);
  pace.slow_down();
  CHECK(pace.wait(900s) == 15s);
}

TEST_CASE("trouble doubles the wait until the server answers", "[oauth][device]") {
  PollPace pace(5s);
  std::vector<std::chrono::seconds> waits;
  for (int i = 0; i < 8; ++i) {
    pace.unreachable(std::nullopt);
    waits.push_back(pace.wait(9000s));
  }
  CHECK(waits == std::vector<std::chrono::seconds>{10s, 20s, 40s, 80s, 160s, 300s, 300s, 300s});

  pace.pending();
  CHECK(pace.wait(9000s) == 5s);
}

TEST_CASE("the server's own wish is honoured where it is longer, with a limit", "[oauth][device]") {
  const auto [wish, wait] = GENERATE(table<std::chrono::seconds, std::chrono::seconds>(
      {{3s, 10s}, {60s, 60s}, {999999s, 3600s}, {-5s, 10s}}));
  PollPace pace(5s);

  pace.unreachable(wish);

  CHECK(pace.wait(90000s) == wait);
}

TEST_CASE("backing off leaves time for a last try", "[oauth][device]") {
  PollPace pace(5s);
  for (int i = 0; i < 6; ++i) pace.unreachable(std::nullopt);

  CHECK(pace.wait(100s) == 99s);
  CHECK(pace.wait(3s) == 5s);  // but never sooner than the interval
}
