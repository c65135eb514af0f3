// SPDX-License-Identifier: GPL-3.0-or-later
//
// The HTTP client against a real server on loopback, through the module as programs use it.
#include <chrono>

#include "net/lazy_http_client.h"
#include "net/web_server.h"
#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;
using namespace std::chrono_literals;
using test::WebServer;

namespace {

HttpOptions trusting() {
  HttpOptions options;
  options.extra_ca_file = WebServer::instance()["ca"];
  return options;
}

HttpRequest get(const std::string& url, std::chrono::milliseconds limit = 30s) {
  HttpRequest request;
  request.url = url;
  request.time_limit = limit;
  return request;
}

HttpRequest post(const std::string& url, std::string_view body) {
  HttpRequest request = get(url);
  request.method = HttpRequest::Method::kPost;
  request.body = Secret(body);
  return request;
}

Result<HttpAnswer> ask(HttpClient& client, HttpRequest request) {
  auto answer = test::answer_of<HttpAnswer>(
      [&](Done<HttpAnswer> done) { return client.send(std::move(request), std::move(done)); });
  if (!answer) return make_error(Error::Kind::kInternal, "the test's guard ended it");
  return *std::move(answer);
}

Result<HttpAnswer> ask(HttpRequest request) {
  LazyHttpClient client(trusting());
  return ask(client, std::move(request));
}

std::string body(const Result<HttpAnswer>& answer) { return std::string(answer->body.reveal()); }

/// The number behind a name in what /counts says.
int count(const Result<HttpAnswer>& answer, const std::string& name) {
  const std::string text = body(answer);
  return std::stoi(text.substr(text.find(name) + name.size() + 2));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

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
  const auto [path, status] = GENERATE(table<std::string, int>({
      {"/redirect", 302},
      {"/busy", 429},
      {"/broken", 503},
      {"/empty", 400},
      {"/nowhere", 404},
  }));
  CAPTURE(path);

  const auto answer = ask(get(WebServer::instance().plain(path)));

  REQUIRE(answer.has_value());
  CHECK(answer->status == status);
  if (status == 302) CHECK(answer->headers.at("location") == "/ok");
  if (status == 429) CHECK(answer->headers.at("retry-after") == "17");
}

TEST_CASE("a broken answer is the peer's fault", "[net]") {
  const std::string path =
      GENERATE(as<std::string>{},
               "/huge",         // one byte too many
               "/huge-told",    // Content-Length alone
               "/huge-untold",  // until the connection closes
               "/huge-chunks", "/cut", "/cut-chunks", "/garbage", "/bad-chunk");
  const bool secure = GENERATE(false, true);
  CAPTURE(path, secure);
  const auto& server = WebServer::instance();

  const auto answer = ask(get(secure ? server.secure(path) : server.plain(path)));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kProtocol);
  CHECK(has(answer.error().what, "127.0.0.1"));
  CHECK((answer.error().code == "too_large") == (path.rfind("/huge", 0) == 0));
}

TEST_CASE("what cpprest would gather before we may count it is ended too", "[net]") {
  const std::string path = GENERATE(as<std::string>{}, "/one-chunk", "/endless-headers");
  CAPTURE(path);

  const auto answer = ask(get(WebServer::instance().secure(path)));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kProtocol);
  CHECK(answer.error().code == "too_large");
}

TEST_CASE("a server that breaks the connection may be asked again", "[net]") {
  const auto answer = ask(get(WebServer::instance().secure("/hang-up")));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
}

TEST_CASE("a certificate that is not right is named for what it is", "[net]") {
  const auto [port, words, code] = GENERATE(table<std::string, std::string, std::string>({
      {"wrong_name", "was not issued for 127.0.0.1", "certificate"},
      {"expired", "of 127.0.0.1 has expired", "certificate"},
      {"unknown_ca", "authority that this computer does not know", "certificate"},
      {"old_tls", "No secure connection with 127.0.0.1", "tls"},
      {"plain", "No secure connection with 127.0.0.1", "tls"},
  }));
  CAPTURE(port);

  const auto answer = ask(get(WebServer::instance().at(port, "/ok")));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(answer.error().code == code);
  CHECK(has(answer.error().what, words));
}

TEST_CASE("an authority of one's own is trusted only when it is named", "[net]") {
  LazyHttpClient without{HttpOptions{}};

  const auto answer = ask(without, get(WebServer::instance().secure("/ok")));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == "certificate");
}

TEST_CASE("a file of authorities that cannot be read is a mistake in the settings", "[net]") {
  HttpOptions options;
  options.extra_ca_file = "/nonexistent/ca.pem";
  LazyHttpClient client(options);

  const auto answer = ask(client, get(WebServer::instance().secure("/ok")));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
  CHECK(has(answer.error().what, "/nonexistent/ca.pem"));
}

TEST_CASE("nobody at the other end is transient", "[net]") {
  const auto [url, words] = GENERATE(table<std::string, std::string>({
      {"http://127.0.0.1:1/", "could not be reached"},
      {"https://name.invalid/token", "was not found"},
  }));
  CAPTURE(url);

  const auto answer = ask(get(url));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, words));
}

TEST_CASE("a server that says nothing is given up", "[net]") {
  const std::string path = GENERATE(as<std::string>{},
                                    "/slow",   // no answer at all
                                    "/drip");  // each read is quick, the whole is not
  CAPTURE(path);

  const auto answer = ask(get(WebServer::instance().secure(path), 300ms));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, "did not answer within 1 seconds"));
}

TEST_CASE("a connection that does not come about has a shorter limit", "[net]") {
  HttpOptions options = trusting();
  options.connect_limit = 200ms;
  LazyHttpClient client(options);

  const auto silent = ask(client, get(WebServer::instance().at("silent", "/ok")));

  REQUIRE_FALSE(silent.has_value());
  CHECK(silent.error().kind == Error::Kind::kTransient);
  CHECK(has(silent.error().what, "could not be reached within"));
}

TEST_CASE("a connection that came about may take longer than its limit to answer", "[net]") {
  HttpOptions options = trusting();
  options.connect_limit = 2s;
  LazyHttpClient client(options);

  const auto answer = ask(client, get(WebServer::instance().secure("/slow"), 2100ms));

  REQUIRE_FALSE(answer.has_value());
  CHECK(has(answer.error().what, "did not answer within 3 seconds"));
}

TEST_CASE("addresses that may not be asked are refused without a connection", "[net]") {
  const std::string url =
      GENERATE(as<std::string>{}, "http://example.com/token", "ftp://localhost/", "nonsense", "",
               "https://user:pw@example.com/", "https:///x");
  CAPTURE(url);

  const auto answer = ask(get(url));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
}

TEST_CASE("requests one after the other share a connection", "[net]") {
  LazyHttpClient client(trusting());
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

TEST_CASE("a refresh token is sent once, even when the server breaks the connection", "[net]") {
  LazyHttpClient client(trusting());
  const auto& server = WebServer::instance();
  const auto before = ask(client, get(server.secure("/counts")));
  REQUIRE(before.has_value());

  for (int i = 0; i < 5; ++i) {
    CHECK(ask(client, get(server.secure("/ok"))).has_value());  // leaves a connection behind
    const auto answer = ask(client, post(server.secure("/swallow"), "refresh_token=R1"));
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().kind == Error::Kind::kTransient);
  }
  const auto after = ask(client, get(server.secure("/counts")));

  REQUIRE(after.has_value());
  CHECK(count(after, "swallowed") - count(before, "swallowed") == 5);
}

TEST_CASE("a dropped call is never answered and ends its connection", "[net]") {
  LazyHttpClient client(trusting());
  bool answered = false;
  {
    const Call call = client.send(get(WebServer::instance().secure("/slow")),
                                  [&](Result<HttpAnswer>) { answered = true; });
  }
  CHECK(ask(client, get(WebServer::instance().secure("/ok"))).has_value());
  test::run_ready();

  CHECK_FALSE(answered);
}

TEST_CASE("calls may be dropped while their answers arrive", "[net]") {
  LazyHttpClient client(trusting());
  int answered = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<Call> calls;
    for (int i = 0; i < 4; ++i) {
      calls.push_back(client.send(get(WebServer::instance().plain("/ok")),
                                  [&](Result<HttpAnswer>) { ++answered; }));
    }
    test::run_until([&, before = answered] { return answered > before; });
  }
  CHECK(answered >= 40);
}

TEST_CASE("a client may go before its answers", "[net]") {
  std::optional<LazyHttpClient> client{trusting()};
  std::optional<Result<HttpAnswer>> answer;
  const Call call = client->send(get(WebServer::instance().secure("/ok")),
                                 [&](Result<HttpAnswer> result) { answer = std::move(result); });

  client.reset();

  REQUIRE(test::run_until([&] { return answer.has_value(); }));
  CHECK(answer->has_value());
}

TEST_CASE("the answer comes on the context that was default when asked", "[net]") {
  LazyHttpClient client(trusting());
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

TEST_CASE("https goes through the proxy, which looks the name up", "[net]") {
  HttpOptions options = trusting();
  options.proxy = "http://me:pa%20ss@127.0.0.1:" + WebServer::instance()["proxy"];
  LazyHttpClient client(options);

  const auto answer = ask(client, get("https://mail.example.test/counts"));

  REQUIRE(answer.has_value());
  CHECK(has(body(answer), R"("asked_proxy_for": "mail.example.test:443")"));
  CHECK(has(body(answer), R"("proxy_credentials": "Basic bWU6cGEgc3M=")"));
}

TEST_CASE("loopback and listed hosts are asked without the proxy", "[net]") {
  HttpOptions options = trusting();
  options.proxy = "127.0.0.1:1";  // nobody there
  options.no_proxy = "name.invalid";
  LazyHttpClient client(options);

  CHECK(ask(client, get(WebServer::instance().secure("/ok"))).has_value());
  const auto listed = ask(client, get("https://name.invalid/"));
  REQUIRE_FALSE(listed.has_value());
  CHECK(has(listed.error().what, "name.invalid was not found"));
}

TEST_CASE("a proxy in the way is told from the server", "[net]") {
  const auto [proxy, url, words] = GENERATE(table<std::string, std::string, std::string>({
      {"http://127.0.0.1:1", "https://mail.example.test/", "proxy could not be reached"},
      {"http://name.invalid:1", "https://mail.example.test/", "proxy's name was not found"},
      {"", "https://forbidden.example.test/",
       "proxy refused to connect with forbidden.example.test"},
  }));
  CAPTURE(url, proxy);
  HttpOptions options = trusting();
  options.proxy = proxy.empty() ? "127.0.0.1:" + WebServer::instance()["proxy"] : proxy;
  LazyHttpClient client(options);

  const auto answer = ask(client, get(url));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kTransient);
  CHECK(has(answer.error().what, words));
}

TEST_CASE("a proxy of another kind is a mistake in the settings", "[net]") {
  HttpOptions options;
  options.proxy = "socks5://user:secret@127.0.0.1:1080";
  LazyHttpClient client(options);

  const auto answer = ask(client, get("https://mail.example.test/"));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kConfig);
  CHECK_FALSE(has(answer.error().what, "secret"));
}
