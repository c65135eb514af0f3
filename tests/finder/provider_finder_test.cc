// SPDX-License-Identifier: GPL-3.0-or-later
#include "finder/provider_finder.h"

#include "support/catch.h"
#include "support/manual_clock.h"
#include "support/quiet.h"
#include "support/scripted_dns.h"
#include "support/scripted_http_client.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using finder::Finding;
using finder::Means;
using namespace std::chrono_literals;

namespace {

constexpr const char* kBody =
    R"("schema":1,"name":"N","scopes":{"imap":["S"]},"authorization_endpoint":"https://x.example/a",
       "token_endpoint":"https://x.example/t")";

// What a sign-in server at https://own.example says of itself.
constexpr const char* kOwn = R"({"issuer":"https://own.example",
  "authorization_endpoint":"https://own.example/a","token_endpoint":"https://own.example/t"})";

constexpr const char* kTenant =
    R"({"issuer":"https://big.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2"})";

// Two providers share mail servers, as a company's product for firms and the one for persons may.
struct Scene {
  TempFolder folder;
  ScriptedDns dns;
  ScriptedHttpClient http;
  ManualClock clock;

  Scene() {
    manifest("firms", R"("issuer":"https://big.example/{tenantid}/v2","domains":["*.firms.example"],
      "mx":["*.mx.firms.example"],"servers":{"imap":{"host":"imap.big.example","port":993}},
      "tenant_discovery":"https://big.example/{domain}/about")");
    manifest("persons", R"("domains":["persons.example","both.example"],
      "mx":["*.mx.persons.example"],"servers":{"imap":{"host":"imap.big.example","port":993}},
      "server_names":["*.persons.example"])");
    manifest("other", R"("domains":["both.example"],"issuer":"https://known.example")");
  }

  void manifest(const std::string& id, const std::string& more) const {
    folder.write(id + ".json", R"({"id":")" + id + R"(",)" + kBody + "," + more + "}");
  }

  // Not over: the answer is still to come.
  std::optional<Result<Finding>> look(const std::string& address,
                                      std::vector<std::string> servers = {}) {
    catalog = manifest::Catalog::load({folder.path()});
    REQUIRE(catalog.broken().empty());
    result.reset();
    finder::ProviderFinder finder(catalog, dns, http, clock);
    call = finder.find({address, std::move(servers)}, [this](Result<Finding> answer) {
      REQUIRE_FALSE(result);
      result.emplace(std::move(answer));
    });
    REQUIRE_FALSE(result);  // never from inside the call
    clock.advance({});
    return result;
  }

  Finding find(const std::string& address, std::vector<std::string> servers = {}) {
    const auto found = look(address, std::move(servers));
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
  }

  manifest::Catalog catalog;
  std::optional<Result<Finding>> result;
  Call call;
};

std::string decided(const Finding& finding) { return finding.provider ? finding.provider->id : ""; }

std::vector<std::string> candidates(const Finding& finding) {
  std::vector<std::string> ids;
  for (const Provider& provider : finding.candidates) ids.push_back(provider.id);
  return ids;
}

std::vector<Means> means(const Finding& finding) {
  std::vector<Means> all;
  for (const finder::Step& step : finding.trace) all.push_back(step.means);
  return all;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a domain that a manifest has decides, and nobody is asked", "[finder]") {
  Scene scene;

  const auto finding = scene.find("alice@Persons.Example");

  CHECK(decided(finding) == "persons");
  CHECK(means(finding) == std::vector{Means::kDomains});
  CHECK(finding.trace[0].what.find("persons.example") != std::string::npos);
  CHECK(scene.dns.asked.empty());
  CHECK(scene.http.seen.empty());
}

TEST_CASE("the account's server decides where one provider has it", "[finder]") {
  Scene scene;

  const auto finding = scene.find("alice@own.example", {"POP.persons.example."});

  CHECK(decided(finding) == "persons");
  CHECK(scene.dns.asked.empty());
}

TEST_CASE("what several providers share narrows, and the next sign decides", "[finder]") {
  Scene scene;
  scene.dns.records["own.example"] = {"own-example.mx.firms.example"};

  const auto finding = scene.find("alice@own.example", {"imap.big.example"});

  CHECK(decided(finding) == "firms");
  CHECK(means(finding) ==
        std::vector{Means::kDomains, Means::kServerNames, Means::kMailExchangers});
  CHECK(scene.http.seen.empty());
}

TEST_CASE("the preferred mail exchanger that is known decides", "[finder]") {
  Scene scene;
  scene.dns.records["own.example"] = {"filter.example", "own-example.mx.persons.example",
                                      "own-example.mx.firms.example"};

  CHECK(decided(scene.find("alice@own.example")) == "persons");
}

TEST_CASE("a sign-in server at the domain decides when a manifest is for it", "[finder]") {
  Scene scene;
  scene.http.answer(200, R"({"issuer":"https://known.example",
    "authorization_endpoint":"https://known.example/a","token_endpoint":"https://known.example/t"})");

  const auto finding = scene.find("alice@known.example");

  CHECK(decided(finding) == "other");
  REQUIRE(scene.http.seen.size() == 1);
  CHECK(scene.http.seen[0].url == "https://known.example/.well-known/openid-configuration");
}

TEST_CASE("a sign-in server that no manifest is for becomes a question", "[finder]") {
  Scene scene;
  scene.http.answer(200, kOwn);
  scene.http.answer(400, R"({"error":"invalid_tenant"})");

  const auto finding = scene.find("alice@own.example");

  CHECK(decided(finding).empty());
  CHECK(finding.unknown_issuer == "https://own.example");
  CHECK(candidates(finding).empty());
}

TEST_CASE("a document about another issuer is not believed", "[finder]") {
  Scene scene;
  scene.http.answer(200, R"({"issuer":"https://known.example",
    "authorization_endpoint":"https://known.example/a","token_endpoint":"https://known.example/t"})");
  scene.http.answer(404, "");

  const auto finding = scene.find("alice@own.example");

  CHECK(decided(finding).empty());
  CHECK(finding.unknown_issuer.empty());
}

TEST_CASE("an organization that a provider knows is a question, never a decision", "[finder]") {
  Scene scene;
  scene.http.answer(404, "");
  scene.http.answer(200, kTenant);

  const auto finding = scene.find("alice@own.example");

  CHECK(decided(finding).empty());
  CHECK(candidates(finding) == Ids{"firms"});
  CHECK(scene.http.seen.at(1).url == "https://big.example/own.example/about");
}

TEST_CASE("an answer about nobody makes no candidate", "[finder]") {
  const auto [status, body] = GENERATE(table<int, std::string>({
      {400, R"({"error":"invalid_tenant"})"},
      {200, "<html>"},
      {200, R"({"issuer":"https://evil.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2"})"},
      {302, ""},
      {500, kTenant},
  }));
  CAPTURE(status, body);
  Scene scene;
  scene.http.answer(404, "");
  scene.http.answer(status, body);

  const auto finding = scene.find("alice@own.example");

  CHECK(candidates(finding).empty());
  CHECK(means(finding).back() == Means::kTenants);
}

TEST_CASE("several that fit are all in the question", "[finder]") {
  Scene scene;
  scene.http.answer(404, "");

  CHECK(candidates(scene.find("alice@both.example")) == Ids{"other", "persons"});
}

TEST_CASE("each step has its time, all together have ten seconds, and silence decides nothing",
          "[finder]") {
  Scene scene;
  scene.dns.silent = true;

  CHECK_FALSE(scene.look("alice@own.example"));
  scene.clock.advance(finder::ProviderFinder::kStepLimit);
  CHECK(scene.http.seen.size() == 1);  // the domain itself
  CHECK_FALSE(scene.result);
  scene.clock.advance(finder::ProviderFinder::kStepLimit);

  REQUIRE(scene.result);
  REQUIRE(*scene.result);
  const Finding& finding = **scene.result;
  CHECK(decided(finding).empty());
  CHECK(finding.trace.size() == 3);
  CHECK(scene.http.seen.size() == 1);  // who knows organizations is not asked any more
  CHECK(scene.http.open() == 0);       // nothing is left behind
}

TEST_CASE("the last question has what is left of the time", "[finder]") {
  Scene scene;

  CHECK_FALSE(scene.look("alice@own.example"));  // the domain is asked, and says nothing
  scene.clock.advance(3s);
  scene.http.answer(404, "");
  run_until_quiet();
  REQUIRE(scene.http.seen.size() == 2);  // who knows organizations
  scene.clock.advance(finder::ProviderFinder::kStepLimit - 1ms);
  CHECK_FALSE(scene.result);
  scene.clock.advance(1ms);

  CHECK(scene.result);
}

TEST_CASE("no network is no error, and the trace says so", "[finder]") {
  Scene scene;
  scene.dns.fails = make_error(Error::Kind::kTransient, "No network.");
  scene.http.fail(make_error(Error::Kind::kTransient, "No route."));
  scene.http.fail(make_error(Error::Kind::kTransient, "No route."));

  const auto finding = scene.find("alice@own.example");

  CHECK(decided(finding).empty());
  REQUIRE(finding.trace.size() == 4);
  CHECK(finding.trace[1].what == "No network.");
  CHECK(finding.trace[2].what == "No route.");
}

TEST_CASE("only the domain leaves the machine", "[finder]") {
  Scene scene;
  scene.http.answer(404, "");
  scene.http.answer(404, "");

  scene.find("Secret.Person+tag@Own.Example", {"imap.secret-host.example"});

  CHECK(scene.dns.asked == Ids{"own.example"});
  REQUIRE(scene.http.seen.size() == 2);
  for (const auto& seen : scene.http.seen) {
    CAPTURE(seen.url, seen.body);
    CHECK(seen.method == HttpRequest::Method::kGet);
    CHECK(seen.body.empty());
    for (const char* never : {"ecret", "erson", "tag", "@", "%40", "?"}) {
      CHECK(seen.url.find(never) == std::string::npos);
    }
  }
}

TEST_CASE("an address without a domain is refused before anybody is asked", "[finder]") {
  Scene scene;

  const auto found = scene.look("alice@");

  REQUIRE(found);
  REQUIRE_FALSE(*found);
  CHECK(found->error().kind == Error::Kind::kConfig);
  CHECK(scene.dns.asked.empty());
}

TEST_CASE("who drops the call hears nothing and leaves nothing open", "[finder]") {
  Scene scene;
  scene.look("alice@own.example");

  scene.call.cancel();
  scene.http.answer(200, kOwn);
  scene.clock.advance(std::chrono::minutes(1));

  CHECK_FALSE(scene.result);
  CHECK(scene.http.open() == 0);
  CHECK_FALSE(scene.clock.next_wait());
}
