// SPDX-License-Identifier: GPL-3.0-or-later
//
// The HTTP client against a real server on loopback, through the module as programs use it.
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "net/asking.h"
#include "net/stand_ins.h"
#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using namespace std::chrono_literals;
using test::ask;
using test::body;
using test::connections_to;
using test::count;
using test::get;
using test::has;
using test::Method;
using test::name_of;
using test::post;
using test::request;
using test::wait_for_the_end_of_connections_to;
using test::WebServer;

TEST_CASE("an https request is answered with status, headers and body", "[net]") {
  const auto answer = ask(get(WebServer::instance().secure("/ok")));

  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(body(answer) == R"({"ok":true})");
  CHECK(answer->headers.at("content-length") == "11");
}

TEST_CASE("a form is posted as it is, with the headers that servers want", "[net]") {
  const auto answer = ask(post(WebServer::instance().secure("/echo?x=%2B"), "a=b%20c&d=%2B"));

  REQUIRE(answer.has_value());
  CHECK(has(body(answer), R"("method": "POST")"));
  CHECK(has(body(answer), R"("path": "/echo?x=%2B")"));
  CHECK(has(body(answer), R"("body": "a=b%20c&d=%2B")"));
  CHECK(has(body(answer), R"("content-type": "application/x-www-form-urlencoded")"));
  CHECK(has(body(answer), R"("accept": "application/json")"));
  CHECK(has(body(answer), R"("user-agent": "mail-oauth/)"));
  CHECK(answer->headers.at("x-mixed-case") == "Yes");
}

TEST_CASE("a request that has a header for its authorization sends it", "[net]") {
  HttpRequest form = post(WebServer::instance().secure("/echo"), "a=b");
  form.authorization = Secret("Basic czZCaGRSa3F0Mzo3RmpmcDA=");

  const auto answer = ask(std::move(form));

  REQUIRE(answer.has_value());
  CHECK(has(body(answer), R"("authorization": "Basic czZCaGRSa3F0Mzo3RmpmcDA=")"));
}

TEST_CASE("a body of any permitted size arrives whole", "[net]") {
  const std::string large(300'000, 'x');
  const auto echoed = ask(post(WebServer::instance().secure("/echo"), large));
  const auto full = ask(get(WebServer::instance().secure("/full")));
  const auto chunks = ask(get(WebServer::instance().secure("/chunks")));
  const auto none = ask(post(WebServer::instance().secure("/empty"), ""));

  REQUIRE(echoed.has_value());
  CHECK(has(body(echoed), large));
  REQUIRE(full.has_value());
  CHECK(full->body.size() == 1024 * 1024);
  REQUIRE(chunks.has_value());
  CHECK(body(chunks) == "hello, world");
  REQUIRE(none.has_value());
  CHECK(none->body.empty());
}

TEST_CASE("any status is an answer, and redirects are not followed", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const auto [path, status] = GENERATE(table<std::string, int>({
      {"/redirect", 302},
      {"/busy", 429},
      {"/broken", 503},
      {"/empty", 400},
      {"/nowhere", 404},
  }));
  CAPTURE(name_of(method), path);

  const auto answer = ask(request(method, WebServer::instance().plain(path)));

  REQUIRE(answer.has_value());
  CHECK(answer->status == status);
  if (status == 302) CHECK(answer->headers.at("location") == "/ok");
  if (status == 429) CHECK(answer->headers.at("retry-after") == "17");
}

TEST_CASE("a broken answer is the peer's fault", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const std::string path = GENERATE(as<std::string>{},
                                    "/huge",         // one byte too many
                                    "/huge-told",    // Content-Length alone
                                    "/huge-untold",  // until the connection closes
                                    "/huge-chunks", "/garbage", "/bad-chunk");
  const bool secure = GENERATE(false, true);
  CAPTURE(name_of(method), path, secure);
  const auto& server = WebServer::instance();

  const auto answer = ask(request(method, secure ? server.secure(path) : server.plain(path)));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kProtocol);
  CHECK(has(answer.error().what, "127.0.0.1"));
  CHECK((answer.error().code == "too_large") == (path.rfind("/huge", 0) == 0));
}

TEST_CASE("what cpprest would gather before we may count it is ended too", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const std::string path = GENERATE(as<std::string>{}, "/one-chunk", "/endless-headers");
  CAPTURE(name_of(method), path);

  const auto answer = ask(request(method, WebServer::instance().secure(path)));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kProtocol);
  CHECK(answer.error().code == "too_large");
}

TEST_CASE("a server that breaks the connection may be asked again, within its answer too",
          "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const std::string path = GENERATE(as<std::string>{}, "/hang-up", "/cut", "/cut-chunks");
  const bool secure = GENERATE(false, true);
  CAPTURE(name_of(method), path, secure);
  const auto& server = WebServer::instance();

  const auto answer = ask(request(method, secure ? server.secure(path) : server.plain(path)));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
}

TEST_CASE("a certificate that is not right is named for what it is", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const auto [port, words, code] = GENERATE(table<std::string, std::string, std::string>({
      {"wrong_name", "was not issued for 127.0.0.1", "certificate"},
      {"expired", "of 127.0.0.1 has expired", "certificate"},
      {"unknown_ca", "authority that this computer does not know", "certificate"},
      {"old_tls", "No secure connection with 127.0.0.1", "tls"},
      {"plain", "No secure connection with 127.0.0.1", "tls"},
  }));
  CAPTURE(name_of(method), port);

  const auto answer = ask(request(method, WebServer::instance().at(port, "/ok")));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(answer.error().code == code);
  CHECK(has(answer.error().what, words));
}

TEST_CASE("an authority of one's own is trusted by the request that names it, and by no other",
          "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  LazyHttpClient client{HttpOptions{}};
  HttpRequest without = request(method, WebServer::instance().secure("/ok"));
  without.ca_file.clear();

  const auto named = ask(client, request(method, WebServer::instance().secure("/ok")));
  const auto other = ask(client, std::move(without));

  CHECK(named.has_value());
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().code == "certificate");
}

TEST_CASE("authorities that others may write are not trusted", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  std::ifstream good(WebServer::instance()["ca"]);
  const std::string pem((std::istreambuf_iterator<char>(good)), std::istreambuf_iterator<char>());
  const testing::TempFolder folder;
  HttpRequest untrusted = request(method, WebServer::instance().secure("/ok"));
  untrusted.ca_file = folder.write("ca.pem", pem);
  REQUIRE(chmod(untrusted.ca_file.c_str(), 0666) == 0);

  const auto answer = ask(std::move(untrusted));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
  CHECK(has(answer.error().what, "others can write it"));
}

TEST_CASE("a file of authorities that cannot be read is a mistake in the settings", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  HttpRequest untrusted = request(method, WebServer::instance().secure("/ok"));
  untrusted.ca_file = "/nonexistent/ca.pem";

  const auto answer = ask(std::move(untrusted));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
  CHECK(has(answer.error().what, "/nonexistent/ca.pem"));
}

TEST_CASE("nobody at the other end is transient", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const auto [url, words] = GENERATE(table<std::string, std::string>({
      {"http://127.0.0.1:1/", "could not be reached"},
      {"https://name.invalid/token", "was not found"},
  }));
  CAPTURE(name_of(method), url);

  const auto answer = ask(request(method, url));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, words));
}

TEST_CASE("a server that says nothing is given up", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const std::string path = GENERATE(as<std::string>{},
                                    "/slow",   // no answer at all
                                    "/drip");  // each read is quick, the whole is not
  CAPTURE(name_of(method), path);

  const auto answer = ask(request(method, WebServer::instance().secure(path), 300ms));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, "did not answer within 1 seconds"));
}

TEST_CASE("a connection that does not come about has a shorter limit", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  HttpOptions options = HttpOptions();
  options.connect_limit = 200ms;
  LazyHttpClient client(options);

  const auto silent = ask(client, request(method, WebServer::instance().at("silent", "/ok")));

  REQUIRE_FALSE(silent.has_value());
  CHECK(silent.error().kind == Error::Kind::kTransient);
  CHECK(has(silent.error().what, "could not be reached within"));
}

TEST_CASE("a connection that came about may take longer than its limit to answer", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  HttpOptions options = HttpOptions();
  options.connect_limit = 2s;
  LazyHttpClient client(options);

  const auto answer = ask(client, request(method, WebServer::instance().secure("/slow"), 2100ms));

  REQUIRE_FALSE(answer.has_value());
  CHECK(has(answer.error().what, "did not answer within 3 seconds"));
}

TEST_CASE("addresses that may not be asked are refused without a connection", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  const std::string url =
      GENERATE(as<std::string>{}, "http://example.com/token", "ftp://localhost/", "nonsense", "",
               "https://user:pw@example.com/", "https:///x");
  CAPTURE(name_of(method), url);

  const auto answer = ask(request(method, url));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
}

TEST_CASE("requests one after the other share a connection", "[net]") {
  LazyHttpClient client{HttpOptions{}};
  const auto& server = WebServer::instance();
  const auto before = ask(client, get(server.secure("/counts")));
  REQUIRE(before.has_value());

  for (int i = 0; i < 20; ++i) CHECK(ask(client, get(server.secure("/echo"))).has_value());
  const auto after = ask(client, get(server.secure("/counts")));

  // cpprest takes a connection back a moment after it gave the answer: now and then one more is
  // made.
  REQUIRE(after.has_value());
  CHECK(count(after, "connections") - count(before, "connections") < 4);
}

TEST_CASE("a dropped call is never answered and ends its connection", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  LazyHttpClient client{HttpOptions{}};
  const auto& server = WebServer::instance();
  const int port = std::stoi(server["good"]);
  wait_for_the_end_of_connections_to(port);
  const std::string counter = method == Method::kPost ? "slow_post" : "slow_get";
  const int before = count(ask(get(server.plain("/counts"))), counter);
  bool answered = false;
  {
    const Call call = client.send(request(method, server.secure("/slow")),
                                  [&](Result<HttpAnswer>) { answered = true; });
    while (count(ask(get(server.plain("/counts"))), counter) == before) continue;
    REQUIRE(connections_to(port).first == 1);
  }

  wait_for_the_end_of_connections_to(port);
  test::run_ready();
  CHECK_FALSE(answered);
}

TEST_CASE("a form's answer of any length ends no other request to its server", "[net]") {
  LazyHttpClient client{HttpOptions{}};
  const auto& server = WebServer::instance();
  const int before = count(ask(get(server.plain("/counts"))), "slow_get");
  bool answered = false;
  const Call call =
      client.send(get(server.secure("/slow")), [&](Result<HttpAnswer>) { answered = true; });
  while (count(ask(get(server.plain("/counts"))), "slow_get") == before) continue;

  const auto padded = ask(client, post(server.secure("/padded"), "refresh_token=R1"));

  REQUIRE(padded.has_value());
  CHECK(has(body(padded), "{}"));
  CHECK_FALSE(answered);
}

TEST_CASE("calls may be dropped while their answers arrive", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  LazyHttpClient client{HttpOptions{}};
  int answered = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<Call> calls;
    for (int i = 0; i < 4; ++i) {
      calls.push_back(client.send(request(method, WebServer::instance().plain("/ok")),
                                  [&](Result<HttpAnswer>) { ++answered; }));
    }
    test::run_until([&, before = answered] { return answered > before; });
  }
  CHECK(answered >= 40);
}

TEST_CASE("a client may go before its answers", "[net]") {
  const Method method = GENERATE(Method::kGet, Method::kPost);
  CAPTURE(name_of(method));
  std::optional<LazyHttpClient> client{HttpOptions()};
  std::optional<Result<HttpAnswer>> answer;
  const Call call = client->send(request(method, WebServer::instance().secure("/ok")),
                                 [&](Result<HttpAnswer> result) { answer = std::move(result); });

  client.reset();

  REQUIRE(test::run_until([&] { return answer.has_value(); }));
  CHECK(answer->has_value());
}

TEST_CASE("the answer comes on the context that was default when asked", "[net]") {
  LazyHttpClient client{HttpOptions{}};
  GMainContext* context = g_main_context_new();
  g_main_context_push_thread_default(context);
  bool answered = false;
  const Call call = client.send(get(WebServer::instance().plain("/ok")),
                                [&](Result<HttpAnswer>) { answered = true; });
  g_main_context_pop_thread_default(context);

  CHECK_FALSE(answered);
  while (!answered) g_main_context_iteration(context, TRUE);
  g_main_context_unref(context);
}
