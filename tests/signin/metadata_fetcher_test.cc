// SPDX-License-Identifier: GPL-3.0-or-later
#include "signin/metadata_fetcher.h"

#include <sys/stat.h>

#include <filesystem>

#include "signin/fakes.h"
#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

constexpr const char* kGood = R"({"issuer":"https://p.example",
  "authorization_endpoint":"https://p.example/a","token_endpoint":"https://p.example/t"})";

struct MetadataFetcherScene {
  Journal journal;
  FakeHttp http{journal};
  FakeClock clock;
  TempFolder folder;

  Result<Provider> fetch(const std::string& ca_file = "") {
    Provider provider;
    provider.ca_file = ca_file;
    provider.id = "p";
    provider.endpoints.issuer = "https://p.example";
    signin::MetadataFetcher fetcher(http, clock, folder.path() + "/metadata");
    std::optional<Result<Provider>> result;
    const Call call = fetcher.complete(
        provider, [&result](Result<Provider> answer) { result.emplace(std::move(answer)); });
    REQUIRE_FALSE(result);
    run_until_quiet();
    REQUIRE(result);
    return *result;
  }

  std::string cache_file() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() + "/metadata")) {
      return entry.path();
    }
    return {};
  }
};

}  // namespace

TEST_CASE("metadata is fetched once a day", "[signin][metadata]") {
  MetadataFetcherScene scene;
  scene.http.script = {{200, kGood, {}}, {200, kGood, {}}};

  REQUIRE(scene.fetch());
  CHECK(scene.fetch()->endpoints.token == "https://p.example/t");
  CHECK(scene.http.seen.size() == 1);
  struct stat found {};
  REQUIRE(stat(scene.cache_file().c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);

  scene.clock.time += std::chrono::hours(25);
  REQUIRE(scene.fetch());
  CHECK(scene.http.seen.size() == 2);
}

TEST_CASE("a cache that is damaged or not ours alone is fetched again", "[signin][metadata]") {
  MetadataFetcherScene scene;
  scene.http.script = {{200, kGood, {}}, {200, kGood, {}}};
  REQUIRE(scene.fetch());

  SECTION("damaged") {
    scene.folder.write("metadata/" + std::filesystem::path(scene.cache_file()).filename().string(),
                       "{");
  }
  SECTION("writable by others") { g_chmod(scene.cache_file().c_str(), 0666); }
  SECTION("from the future") { scene.clock.time -= std::chrono::hours(1); }

  REQUIRE(scene.fetch());
  CHECK(scene.http.seen.size() == 2);
}

TEST_CASE("what one private authority may have vouched for is no answer for others",
          "[signin][metadata]") {
  MetadataFetcherScene scene;
  scene.http.script = {{200, kGood, {}}, {200, kGood, {}}};

  REQUIRE(scene.fetch("/etc/own.pem"));
  CHECK(scene.http.seen.at(0).ca_file == "/etc/own.pem");
  REQUIRE(scene.fetch());

  REQUIRE(scene.http.seen.size() == 2);  // the same issuer, and asked again
  CHECK(scene.http.seen.at(1).ca_file.empty());
  REQUIRE(scene.fetch("/etc/own.pem"));
  CHECK(scene.http.seen.size() == 2);
}

TEST_CASE("both well-known addresses are asked", "[signin][metadata]") {
  MetadataFetcherScene scene;
  scene.http.script = {{404, "", {}}, {200, kGood, {}}};

  REQUIRE(scene.fetch());

  CHECK(scene.http.seen.at(0).url == "https://p.example/.well-known/openid-configuration");
  CHECK(scene.http.seen.at(1).url == "https://p.example/.well-known/oauth-authorization-server");
}

TEST_CASE("metadata that cannot be had or believed keeps its kind", "[signin][metadata]") {
  using Kind = Error::Kind;
  const auto [status, body, kind] = GENERATE(table<int, std::string, Kind>({
      {404, "", Kind::kProtocol},
      {302, "", Kind::kProtocol},  // redirects are not followed
      {503, "", Kind::kTransient},
      {408, "", Kind::kTransient},
      {200, "<html>", Kind::kProtocol},
      {200, R"({"issuer":"https://evil.example","authorization_endpoint":"https://evil.example/a",
               "token_endpoint":"https://evil.example/t"})",
       Kind::kProtocol},
      {200, R"({"issuer":"https://p.example","authorization_endpoint":"http://p.example/a",
               "token_endpoint":"https://p.example/t"})",
       Kind::kProtocol},
  }));
  CAPTURE(status, body);
  MetadataFetcherScene scene;
  scene.http.script = {{status, body, {}}, {404, "", {}}};
  if (kind == Kind::kTransient) scene.http.script[1].status = status;

  const auto provider = scene.fetch();

  REQUIRE_FALSE(provider);
  CHECK(provider.error().kind == kind);
}

TEST_CASE("an issuer that cannot be reached is asked once", "[signin][metadata]") {
  MetadataFetcherScene scene;
  scene.http.script = {{0, "", make_error(Error::Kind::kTransient, "no route")}};

  CHECK(scene.fetch().error().kind == Error::Kind::kTransient);
  CHECK(scene.http.seen.size() == 1);
}
