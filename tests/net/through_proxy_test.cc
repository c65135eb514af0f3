// SPDX-License-Identifier: GPL-3.0-or-later
//
// Requests through a proxy, against one that takes every name to the server of these tests.
#include "net/asking.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::test;

TEST_CASE("https goes through the proxy, which looks the name up", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  HttpOptions options = HttpOptions();
  options.proxy = "http://me:pa%20ss@127.0.0.1:" + WebServer::instance()["proxy"];
  LazyHttpClient client(options);

  const auto answer = ask(client, request(method, "https://mail.example.test/counts"));

  REQUIRE(answer.has_value());
  CHECK(has(body(answer), R"("asked_proxy_for": "mail.example.test:443")"));
  CHECK(has(body(answer), R"("proxy_credentials": "Basic bWU6cGEgc3M=")"));
}

TEST_CASE("loopback and listed hosts are asked without the proxy", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  HttpOptions options = HttpOptions();
  options.proxy = "127.0.0.1:1";  // nobody there
  options.no_proxy = "name.invalid";
  LazyHttpClient client(options);

  CHECK(ask(client, request(method, WebServer::instance().secure("/ok"))).has_value());
  const auto listed = ask(client, request(method, "https://name.invalid/"));
  REQUIRE_FALSE(listed.has_value());
  CHECK(has(listed.error().what, "name.invalid was not found"));
}

TEST_CASE("a proxy in the way is told from the server", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const auto [proxy, url, words] = GENERATE(table<std::string, std::string, std::string>({
      {"http://127.0.0.1:1", "https://mail.example.test/", "proxy could not be reached"},
      {"http://name.invalid:1", "https://mail.example.test/", "proxy's name was not found"},
      {"", "https://forbidden.example.test/",
       "proxy does not allow connections with forbidden.example.test"},
      {"", "https://unreachable.example.test/",
       "proxy did not connect with unreachable.example.test"},
      {"", "https://broke.example.test/", "proxy broke the connection"},
      {"", "https://garbage.example.test/", "proxy gave an answer that is not HTTP"},
  }));
  CAPTURE(name_of(method), url, proxy);
  HttpOptions options = HttpOptions();
  options.proxy = proxy.empty() ? "127.0.0.1:" + WebServer::instance()["proxy"] : proxy;
  LazyHttpClient client(options);

  const auto answer = ask(client, request(method, url));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, words));
}

TEST_CASE("any success is a tunnel", "[net]") {
  HttpOptions options;
  options.proxy = "http://202@127.0.0.1:" + WebServer::instance()["proxy"];
  LazyHttpClient client(options);

  const auto answer = ask(client, post("https://mail.example.test/echo", "refresh_token=R1"));

  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
}

TEST_CASE("a proxy that wants a login says where it is written", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const auto [login, words] = GENERATE(table<std::string, std::string>({
      {"", "The proxy wants a user name and a password. Write them into HTTPS_PROXY"},
      {"me:hunter2@", "does not take the user name or the password in HTTPS_PROXY"},
  }));
  CAPTURE(name_of(method), login);
  HttpOptions options;
  options.proxy = "http://" + login + "127.0.0.1:" + WebServer::instance()["proxy"];
  options.proxy_variable = "HTTPS_PROXY";
  LazyHttpClient client(options);

  const auto answer = ask(client, request(method, "https://login.example.test/"));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
  CHECK(has(answer.error().what, words));
  CHECK_FALSE(has(answer.error().what, "hunter2"));
}

TEST_CASE("a password that the proxy refused is not sent to it again", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const auto [login, asked] = GENERATE(table<std::string, int>({
      {"me:wrong@", 1},
      {"", 2},  // A login elsewhere, for the whole computer, may have been missing.
  }));
  CAPTURE(name_of(method), login);
  const auto& server = WebServer::instance();
  const auto before = ask(get(server.plain("/counts")));
  REQUIRE(before.has_value());
  HttpOptions options;
  options.proxy = "http://" + login + "127.0.0.1:" + server["proxy"];
  LazyHttpClient client(options);

  const auto first = ask(client, request(method, "https://login.example.test/"));
  const auto again = ask(client, request(method, "https://login.another.test/"));
  const auto direct = ask(client, request(method, server.secure("/ok")));
  const auto after = ask(get(server.plain("/counts")));

  REQUIRE_FALSE(first.has_value());
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().kind == Error::Kind::kConfig);
  CHECK(again.error().what == first.error().what);
  CHECK(direct.has_value());
  REQUIRE(after.has_value());
  CHECK(count(after, "refused_logins") - count(before, "refused_logins") == asked);
}

TEST_CASE("a proxy of another kind is a mistake in the settings", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  HttpOptions options;
  options.proxy = "socks5://user:secret@127.0.0.1:1080";
  LazyHttpClient client(options);

  const auto answer = ask(client, request(method, "https://mail.example.test/"));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
  CHECK_FALSE(has(answer.error().what, "secret"));
}
