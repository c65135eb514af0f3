// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/client_check.h"

#include <optional>

#include "support/catch.h"
#include "support/quiet.h"
#include "support/scripted_http_client.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using signin::ClientReport;
using signin::Probe;
using signin::Verdict;

namespace {

constexpr const char* kUnknown = R"({"error":"unauthorized_client",
  "error_description":"AADSTS700016: Application was not found.",
  "correlation_id":"11111111-2222-3333-4444-555555555555"})";

struct ClientCheckScene {
  ScriptedHttpClient http;
  Provider provider;
  std::string secret;

  ClientCheckScene() {
    provider.id = "p";
    provider.name = "P";
    provider.endpoints.authorization = "https://p.example/authorize";
    provider.endpoints.token = "https://p.example/token";
    provider.scopes.mail[Protocol::kImap] = {"mail.imap"};
    provider.redirect.host = "localhost";
  }

  void start() {
    Client client;
    client.key = {"p", "the client", ""};
    client.secret = ClientSecret(Secret(secret));
    call = signin::check_client(http, provider, std::move(client),
                                [this](Result<ClientReport> answer) {
                                  REQUIRE_FALSE(result);
                                  result.emplace(std::move(answer));
                                });
    REQUIRE_FALSE(result);
    run_until_quiet();
  }

  ClientReport check() {
    start();
    REQUIRE(result);
    REQUIRE(*result);
    return **result;
  }

  Probe only_probe() {
    const auto report = check();
    REQUIRE(report.probes.size() == 1);
    return report.probes[0];
  }

  std::optional<Result<ClientReport>> result;
  Call call;
};

}  // namespace

TEST_CASE("the token endpoint's refusal says whether it knows the client", "[signin][check]") {
  const auto [status, body, verdict] = GENERATE(table<int, std::string, Verdict>({
      {400, R"({"error":"invalid_grant"})", Verdict::kAccepted},
      {401, R"({"error":"invalid_client"})", Verdict::kRefused},  // RFC 6749 section 5.2
      {400, kUnknown, Verdict::kRefused},
      {400, R"({"error":"invalid_request"})", Verdict::kUnclear},
      {400, "", Verdict::kUnclear},
      {200, "<html>", Verdict::kUnclear},
      {503, "", Verdict::kUnclear},
      {429, R"({"error":"invalid_client"})", Verdict::kUnclear},  // says nothing in a hurry
  }));
  CAPTURE(status, body);
  ClientCheckScene scene;
  scene.http.answer(status, body);

  const Probe probe = scene.only_probe();

  CHECK(probe.request == Probe::Request::kRefresh);
  CHECK(probe.verdict == verdict);
  CHECK_FALSE(probe.shows.empty());
}

TEST_CASE("what the provider's support asks for is kept", "[signin][check]") {
  ClientCheckScene scene;
  scene.http.answer(400, kUnknown);

  const Probe probe = scene.only_probe();

  CHECK(probe.error.code == "unauthorized_client");
  CHECK(probe.error.correlation_id == "11111111-2222-3333-4444-555555555555");
}

TEST_CASE("a client check asks for a code as a login does", "[signin][check]") {
  ClientCheckScene scene;
  scene.provider.endpoints.device_authorization = "https://p.example/device";
  scene.provider.token_parameters = {{"resource", "https://m.example"}};
  scene.http.answer(400, R"({"error":"invalid_grant"})");
  scene.http.answer(200, "{}");

  scene.check();

  REQUIRE(scene.http.seen.size() == 2);
  CHECK(scene.http.seen[1].body ==
        "client_id=the%20client&scope=mail.imap&resource=https%3A%2F%2Fm.example");
}

TEST_CASE("nobody's token goes out, and the secret only in a body", "[signin][check]") {
  ClientCheckScene scene;
  scene.secret = "hush hush";
  scene.provider.endpoints.device_authorization = "https://p.example/device";
  scene.provider.scopes.identity = {"openid"};
  scene.http.answer(400, R"({"error":"invalid_grant"})");
  scene.http.answer(400, R"({"error":"unauthorized_client"})");
  scene.http.answer(200, "<html>");

  const auto report = scene.check();

  REQUIRE(scene.http.seen.size() == 3);
  CHECK(scene.http.seen[0].url == "https://p.example/token");
  CHECK(scene.http.seen[0].body ==
        "grant_type=refresh_token&refresh_token=mail-oauth-client-check&client_id=the%20client&"
        "client_secret=hush%20hush&scope=mail.imap%20openid");
  CHECK(scene.http.seen[1].url == "https://p.example/device");
  CHECK(scene.http.seen[1].body ==
        "client_id=the%20client&client_secret=hush%20hush&scope=mail.imap%20openid");
  CHECK(scene.http.seen[2].url.find("prompt=none") != std::string::npos);
  CHECK(scene.http.seen[2].url.find("hush") == std::string::npos);
  CHECK(report.probes.at(1).verdict == Verdict::kRefused);
  CHECK(report.probes.at(2).verdict == Verdict::kUnclear);
  CHECK(report.refused());
}

TEST_CASE("a device code shows that the client is known", "[signin][check]") {
  ClientCheckScene scene;
  scene.provider.endpoints.device_authorization = "https://p.example/device";
  scene.http.answer(400, R"({"error":"invalid_grant"})");
  scene.http.answer(200, R"({"device_code":"d","user_code":"u"})");

  const auto report = scene.check();

  CHECK(report.probes.at(1).verdict == Verdict::kAccepted);
  CHECK_FALSE(report.refused());
}

TEST_CASE("a device flow that is not for mail is left alone", "[signin][check]") {
  ClientCheckScene scene;
  scene.provider.endpoints.device_authorization = "https://p.example/device";
  scene.provider.declared_device_flow = DeviceFlow::kNotForMail;
  scene.http.answer(400, R"({"error":"invalid_grant"})");

  CHECK(scene.check().probes.size() == 1);
}

TEST_CASE("a silent sign-in that comes back shows that the redirect is known", "[signin][check]") {
  // The state of the request goes behind the address.
  const auto [location, verdict] = GENERATE(table<std::string, Verdict>({
      {"http://localhost:49152/?error=login_required&state=", Verdict::kAccepted},
      {"http://localhost:49152/?error=unauthorized_client&state=", Verdict::kRefused},
      {"http://localhost:49152/?error=server_error&state=", Verdict::kUnclear},
      {"http://localhost:49152/?error=login_required&state=x", Verdict::kUnclear},  // not ours
      {"https://p.example/?error=login_required&state=", Verdict::kUnclear},
      {"http://localhost:49152.evil.example/?error=login_required&state=", Verdict::kUnclear},
  }));
  CAPTURE(location);
  ClientCheckScene scene;
  scene.provider.scopes.identity = {"openid"};
  scene.http.answer(400, R"({"error":"invalid_grant"})");
  scene.start();
  REQUIRE(scene.http.seen.size() == 2);
  const std::string url = scene.http.seen[1].url;
  const auto at = url.find("state=") + 6;

  scene.http.answer(303, "", {{"location", location + url.substr(at, url.find('&', at) - at)}});
  run_until_quiet();

  REQUIRE(scene.result);
  const ClientReport& report = **scene.result;
  CHECK(report.probes.at(1).verdict == verdict);
  bool redirect_open = false;
  for (const std::string& what : report.unchecked) {
    redirect_open = redirect_open || what.find("http://localhost/") != std::string::npos;
  }
  CHECK(redirect_open == (verdict != Verdict::kAccepted));
}

TEST_CASE("a provider that cannot be reached leaves everything open", "[signin][check]") {
  ClientCheckScene scene;
  scene.http.fail(make_error(Error::Kind::kTransient, "no route"));

  const Probe probe = scene.only_probe();

  CHECK(probe.verdict == Verdict::kUnclear);
  CHECK(probe.shows == "no route");
}

TEST_CASE("a registered redirect address is named, or missed", "[signin][check]") {
  const auto [uri, words] = GENERATE(table<std::string, std::string>({
      {"https://client.example/back", "https://client.example/back"},
      {"", "--redirect-uri"},
  }));
  ClientCheckScene scene;
  scene.provider.redirect.kind = RedirectKind::kRegistered;
  scene.provider.redirect.uri = uri;
  scene.http.answer(400, R"({"error":"invalid_grant"})");

  const auto report = scene.check();

  REQUIRE_FALSE(report.unchecked.empty());
  CHECK(report.unchecked[0].find(words) != std::string::npos);
}
