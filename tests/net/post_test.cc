// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a form with a refresh token in it needs beyond any request: it is sent once, its answer is
// not lost behind others, and nobody inherits its connection.
#include "base/source.h"
#include "net/asking.h"
#include "net/stand_ins.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::test;
using namespace std::chrono_literals;

namespace {

/// While one lives, requests of this thread answer there.
class OwnContext {
 public:
  OwnContext() { g_main_context_push_thread_default(context_.get()); }
  ~OwnContext() { g_main_context_pop_thread_default(context_.get()); }
  OwnContext(const OwnContext&) = delete;
  OwnContext& operator=(const OwnContext&) = delete;

  /// Whether anything ran: the wait may end for nothing.
  bool turn(bool wait) const {
    return g_main_context_iteration(context_.get(), wait ? TRUE : FALSE) != FALSE;
  }

 private:
  const MainContextPtr context_{g_main_context_new()};
};

}  // namespace

TEST_CASE("an interim answer is not the answer to a form", "[net]") {
  const std::string path = GENERATE(as<std::string>{}, "/continue", "/hints", "/continue-apart");
  const bool secure = GENERATE(false, true);
  CAPTURE(path, secure);
  const auto& server = WebServer::instance();

  const auto answer =
      ask(post(secure ? server.secure(path) : server.plain(path), "refresh_token=R1"));

  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(body(answer) == R"({"access_token":"A2"})");
  CHECK(answer->headers.count("link") == 0);
}

TEST_CASE("an answer that is odd in form, and whole, is taken", "[net]") {
  const std::string path = GENERATE(as<std::string>{}, "/old", "/no-reason", "/trailers",
                                    "/told-twice", "/long-header", "/many-headers");
  const bool secure = GENERATE(false, true);
  CAPTURE(path, secure);
  const auto& server = WebServer::instance();

  const auto answer =
      ask(post(secure ? server.secure(path) : server.plain(path), "refresh_token=R1"));

  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(body(answer) == R"({"access_token":"A2"})");
}

TEST_CASE("interim answers without an end, and a protocol nobody asked for, are refused", "[net]") {
  const std::string path = GENERATE(as<std::string>{}, "/only-continue", "/switch");
  CAPTURE(path);

  const auto answer = ask(post(WebServer::instance().secure(path), "refresh_token=R1"));

  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().kind == Error::Kind::kProtocol);
  CHECK(has(answer.error().what, "an answer that cannot be read"));
}

TEST_CASE("children of the program do not get the connection of a form", "[net]") {
  LazyHttpClient client{HttpOptions{}};
  const auto& server = WebServer::instance();
  const int port = std::stoi(server["good"]);
  wait_for_the_end_of_connections_to(port);
  const int before = count(ask(get(server.plain("/counts"))), "slow_post");
  const Call call =
      client.send(post(server.secure("/slow"), "refresh_token=R1"), [](Result<HttpAnswer>) {});
  while (count(ask(get(server.plain("/counts"))), "slow_post") == before) continue;

  CHECK(connections_to(port) == std::pair(1, 0));
}

TEST_CASE("a refresh token is sent once, even when the server breaks the connection", "[net]") {
  LazyHttpClient client{HttpOptions{}};
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

TEST_CASE("a refresh token does not leave after its request was told as not reached", "[net]") {
  HttpOptions options;
  options.connect_limit = 2s;
  LazyHttpClient client(options);
  const auto& server = WebServer::instance();
  const auto before = ask(get(server.plain("/counts")));
  REQUIRE(before.has_value());
  std::optional<Result<HttpAnswer>> answer;
  HeldConnection connection;
  const OwnContext context;  // Nothing else is ready there.
  const Call call = client.send(post(server.secure("/swallow"), "refresh_token=R1"),
                                [&](Result<HttpAnswer> result) { answer = std::move(result); });
  while (!connection.reached() && !answer) context.turn(false);
  REQUIRE_FALSE(answer);

  while (!context.turn(true)) continue;  // The limit: its answer is under way from here on.
  connection.release();
  wait_for_the_end_of_connections_to(std::stoi(server["good"]));

  REQUIRE(run_until([&] { return answer.has_value(); }));
  REQUIRE_FALSE(answer->has_value());
  REQUIRE(has(answer->error().what, "could not be reached within"));
  const auto after = ask(get(server.plain("/counts")));
  REQUIRE(after.has_value());
  CHECK(count(after, "swallowed") == count(before, "swallowed"));
}
