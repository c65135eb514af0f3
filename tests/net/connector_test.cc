// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a form finds its server: names that hang, addresses that answer nothing.
#include "net/asking.h"
#include "net/stand_ins.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kName = "mail.example.test";

std::string good_port() { return WebServer::instance()["good"]; }

HttpRequest form_for(const std::string& host) {
  return post("https://" + host + ":" + good_port() + "/ok", "refresh_token=R1");
}

}  // namespace

TEST_CASE("a name whose look-up hangs keeps no other form waiting", "[net]") {
  const HangingName hanging("hanging.example.test");
  const KnownName known(kName, {"127.0.0.1"});
  LazyHttpClient client{HttpOptions{}};
  bool answered = false;
  const Call call =
      client.send(form_for("hanging.example.test"), [&](Result<HttpAnswer>) { answered = true; });
  REQUIRE(hanging.wait_until_asked());

  const auto other = ask(client, form_for(kName));

  CHECK(other.has_value());
  CHECK_FALSE(answered);
}

TEST_CASE("a look-up that hangs counts against the limit of its own request", "[net]") {
  const HangingName hanging("hanging.example.test");
  HttpOptions options;
  options.connect_limit = 100ms;
  LazyHttpClient client(options);

  const auto answer = ask(client, form_for("hanging.example.test"));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == "time_out");
  CHECK(has(answer.error().what, "hanging.example.test could not be reached within"));
}

TEST_CASE("an address that answers nothing leaves time for the next one", "[net]") {
  const auto addresses =
      GENERATE(as<std::vector<std::string>>{}, std::vector<std::string>{"127.0.0.2", "127.0.0.1"},
               std::vector<std::string>{"127.0.0.2", "127.0.0.3", "127.0.0.1"});
  const BlackHole hole("127.0.0.2", std::stoi(good_port()));
  const KnownName known(kName, addresses);  // Nobody is at 127.0.0.3.

  const auto answer = ask(form_for(kName));

  CHECK(answer.has_value());
}

TEST_CASE("a proxy is looked up and reached like a server", "[net]") {
  const auto& server = WebServer::instance();
  const BlackHole hole("127.0.0.2", std::stoi(server["proxy"]));
  const KnownName known("proxy.example.test", {"127.0.0.2", "127.0.0.1"});
  HttpOptions options;
  options.proxy = "http://proxy.example.test:" + server["proxy"];
  LazyHttpClient client(options);

  CHECK(ask(client, post("https://mail.example.test/ok", "a=b")).has_value());
}

TEST_CASE("a server that refuses at each of its addresses could not be reached", "[net]") {
  const KnownName known(kName, {"127.0.0.2", "127.0.0.3"});

  const auto answer = ask(form_for(kName));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, "mail.example.test could not be reached. Is the network up?"));
}
