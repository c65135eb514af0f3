// SPDX-License-Identifier: GPL-3.0-or-later
//
// The listener with real sockets: what browsers and others on the machine do to it.
#include "desktop/loopback_listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "base/i18n.h"
#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;
using namespace std::chrono_literals;

namespace {

/// A client that never blocks.
class Peer {
 public:
  explicit Peer(int port, int family = AF_INET) : fd_(socket(family, SOCK_STREAM, 0)) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    v6.sin6_addr = in6addr_loopback;
    connected_ = family == AF_INET ? connect(fd_, reinterpret_cast<sockaddr*>(&v4), sizeof v4) == 0
                                   : connect(fd_, reinterpret_cast<sockaddr*>(&v6), sizeof v6) == 0;
  }
  ~Peer() { close(fd_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  bool connected() const { return connected_; }
  void say(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
      if (sent <= 0 && !test::run_until([] { return true; })) return;
      if (sent <= 0) g_main_context_iteration(nullptr, FALSE);
    }
  }
  /// Everything until the other side closes.
  std::string hear() {
    std::string heard;
    bool ended = false;
    // The listener shares our thread: look again whenever its loop has turned.
    const guint tick = g_timeout_add(
        1, [](gpointer) -> gboolean { return TRUE; }, nullptr);
    test::run_until([&] { return ended = ended || drained(heard); });
    g_source_remove(tick);
    return ended ? heard : "the test's guard ended it";
  }

 private:
  bool drained(std::string& heard) {
    char bytes[4096];
    ssize_t got = 0;
    while ((got = recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
      heard.append(bytes, static_cast<std::size_t>(got));
    }
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }

  int fd_;
  bool connected_ = false;
};

RedirectRule rule_for(std::string host, int port = 0, std::string path = "/cb") {
  RedirectRule rule;
  rule.host = std::move(host);
  rule.port = port;
  rule.path = std::move(path);
  return rule;
}

/// A listener whose judge knows the one right state.
struct Waiting {
  explicit Waiting(const RedirectRule& rule = rule_for("127.0.0.1"), ListenerLimits limits = {}) {
    LoopbackListenerFactory factory(limits);
    auto listening = factory.listen(rule, [this](std::string_view query) { return judge(query); });
    if (!listening) throw std::runtime_error(listening.error().what);
    listener = *std::move(listening);
    uri = listener->redirect_uri();
    const std::string rest = uri.substr(7);  // behind "http://"
    authority = rest.substr(0, rest.find('/'));
    port = std::stoi(authority.substr(authority.rfind(':') + 1));
  }

  RedirectVerdict judge(std::string_view query) {
    asked.emplace_back(query);
    if (query.find("state=right") == std::string_view::npos) return {};
    if (end_at_once) listener.reset();
    if (query.find("error=") != std::string_view::npos) {
      return {RedirectVerdict::Kind::kFailed, "Not signed in", "access <denied>"};
    }
    return {RedirectVerdict::Kind::kSignedIn, "Signed in", "Close this page"};
  }

  std::string request(const std::string& line) const {
    return line + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
  }
  std::string ask(const std::string& text) const {
    Peer peer(port);
    peer.say(text);
    return peer.hear();
  }
  bool completes() const {
    return ask(request("GET /cb?code=c&state=right")).rfind("HTTP/1.1 200", 0) == 0;
  }

  std::unique_ptr<RedirectListener> listener;
  std::string uri, authority;
  int port = 0;
  bool end_at_once = false;
  std::vector<std::string> asked;
};

bool begins(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

}  // namespace

TEST_CASE("the listener rests while this process may open no more files, and serves then",
          "[desktop][listener]") {
  Waiting waiting;
  Peer peer(waiting.port);
  REQUIRE(peer.connected());
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int lowest_free = fcntl(0, F_DUPFD, 0);
  REQUIRE(lowest_free >= 0);
  close(lowest_free);
  rlimit none_left = before;
  none_left.rlim_cur = static_cast<rlim_t>(lowest_free);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none_left) == 0);

  int rounds = 0;
  while (g_main_context_iteration(nullptr, FALSE) && rounds < 1000) ++rounds;
  setrlimit(RLIMIT_NOFILE, &before);

  CHECK(rounds < 1000);  // else the loop is never done
  peer.say(waiting.request("GET /cb?state=right"));
  CHECK(peer.hear().find("Signed in") != std::string::npos);
}

TEST_CASE("the redirect URI has the rule's host and path and the bound port",
          "[desktop][listener]") {
  const std::string host = GENERATE(as<std::string>{}, "127.0.0.1", "[::1]", "localhost");
  const Waiting waiting(rule_for(host, 0, "/a/b"));

  CHECK(waiting.port > 0);
  CHECK(waiting.uri == "http://" + host + ":" + std::to_string(waiting.port) + "/a/b");
}

TEST_CASE("the answer is judged and shown", "[desktop][listener]") {
  Waiting waiting;

  const auto failed = waiting.ask(waiting.request("GET /cb?error=access_denied&state=right"));
  const auto page = waiting.ask(waiting.request("GET /cb?code=a%20b&state=right"));

  CHECK(begins(failed, "HTTP/1.1 400 "));
  CHECK(failed.find("access &lt;denied&gt;") != std::string::npos);
  CHECK(begins(page, "HTTP/1.1 200 OK\r\n"));
  CHECK(page.find("<h1>Signed in</h1>") != std::string::npos);
  CHECK(waiting.asked.back() == "code=a%20b&state=right");
}

TEST_CASE("nothing else is shown to the judge", "[desktop][listener]") {
  const auto [line, host, status] = GENERATE(table<std::string, std::string, std::string>({
      {"GET /favicon.ico", "127.0.0.1:{}", "404"},
      {"GET /", "127.0.0.1:{}", "404"},
      {"GET /cb/?state=right", "127.0.0.1:{}", "404"},
      {"GET /%63b?state=right", "127.0.0.1:{}", "404"},
      {"HEAD /cb?state=right", "127.0.0.1:{}", "404"},
      {"POST /cb?state=right", "127.0.0.1:{}", "404"},
      {"OPTIONS /cb?state=right", "127.0.0.1:{}", "404"},
      {"GET /cb?state=right", "", "400"},
      {"GET /cb?state=right", "evil.example", "421"},  // DNS rebinding
      {"GET /cb?state=right", "evil.example:{}", "421"},
      {"GET /cb?state=right", "localhost:{}", "421"},
      {"GET /cb?state=right", "127.0.0.1:1", "421"},
      {"GET /cb?state=right", "127.0.0.1", "421"},
      {"nonsense", "127.0.0.1:{}", "400"},
      {"\x16\x03\x01 TLS", "127.0.0.1:{}", "400"},
  }));
  CAPTURE(line, host);
  Waiting waiting;

  const auto heard =
      waiting.ask(line + " HTTP/1.1\r\nHost: " + format(host, {std::to_string(waiting.port)}) +
                  "\r\nContent-Length: 5\r\n\r\nhello");

  CHECK(begins(heard, "HTTP/1.1 " + status + " "));
  CHECK(waiting.asked.empty());
  CHECK(waiting.completes());
}

TEST_CASE("a wrong state is not for us, and the right one still completes", "[desktop][listener]") {
  Waiting waiting;

  CHECK(begins(waiting.ask(waiting.request("GET /cb?code=x&state=wrong")), "HTTP/1.1 404"));
  CHECK(begins(waiting.ask(waiting.request("GET /cb")), "HTTP/1.1 404"));
  CHECK(waiting.completes());
}

TEST_CASE("HEAD gets no page", "[desktop][listener]") {
  Waiting waiting;
  const auto heard = waiting.ask(waiting.request("HEAD /cb?state=right"));
  CHECK(heard.substr(heard.size() - 4) == "\r\n\r\n");
}

TEST_CASE("connections that say nothing stand in nobody's way", "[desktop][listener]") {
  Waiting waiting;
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 20; ++i) peers.push_back(std::make_unique<Peer>(waiting.port));

  CHECK(waiting.completes());
  peers[0]->say(waiting.request("GET /cb?state=right"));  // a pre-connection that is used later
  CHECK(begins(peers[0]->hear(), "HTTP/1.1 200"));
}

TEST_CASE("connections are bounded: the oldest goes", "[desktop][listener]") {
  Waiting waiting(rule_for("127.0.0.1"), {4, 30s});
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 6; ++i) peers.push_back(std::make_unique<Peer>(waiting.port));

  CHECK(waiting.completes());
  CHECK(peers[0]->hear().empty());  // closed without a word
}

TEST_CASE("a slow client is heard to the end", "[desktop][listener]") {
  Waiting waiting;
  Peer peer(waiting.port);
  for (const char byte : waiting.request("GET /cb?state=right")) {
    peer.say(std::string_view(&byte, 1));
    test::run_ready();
  }
  CHECK(begins(peer.hear(), "HTTP/1.1 200"));
}

TEST_CASE("a client that never finishes is cut off", "[desktop][listener]") {
  Waiting waiting(rule_for("127.0.0.1"), {8, 50ms});
  Peer peer(waiting.port);
  peer.say("GET /cb?st");

  CHECK(peer.hear().empty());
  CHECK(waiting.asked.empty());
}

TEST_CASE("a huge request is refused and the right one still completes", "[desktop][listener]") {
  Waiting waiting;
  const std::size_t size = GENERATE(std::size_t{16 * 1024}, std::size_t{200'000});

  const auto heard = waiting.ask("GET /cb?state=right&x=" + std::string(size, 'x'));

  CHECK(begins(heard, "HTTP/1.1 431 "));
  CHECK(waiting.asked.empty());
  CHECK(waiting.completes());
}

TEST_CASE("the page arrives though the judge ends the listener", "[desktop][listener]") {
  Waiting waiting;
  waiting.end_at_once = true;
  Peer idle(waiting.port);
  test::run_ready();

  CHECK(waiting.completes());
  CHECK_FALSE(waiting.listener);
  CHECK(idle.hear().empty());
  CHECK_FALSE(Peer(waiting.port).connected());
}

TEST_CASE("localhost listens on both addresses", "[desktop][listener]") {
  Waiting waiting(rule_for("localhost"));
  Peer six(waiting.port, AF_INET6);
  if (six.connected()) {  // this machine has IPv6
    six.say(waiting.request("GET /cb?state=right"));
    CHECK(begins(six.hear(), "HTTP/1.1 200"));
  }
  CHECK(waiting.completes());
}

TEST_CASE("only loopback is bound", "[desktop][listener]") {
  Waiting waiting(rule_for("127.0.0.1"));
  CHECK_FALSE(Peer(waiting.port, AF_INET6).connected());
}

TEST_CASE("a fixed port is used, and told when it is taken", "[desktop][listener]") {
  int port = 0;
  { port = Waiting().port; }
  Waiting first(rule_for("127.0.0.1", port));
  CHECK(first.port == port);

  const auto second = LoopbackListenerFactory().listen(
      rule_for("127.0.0.1", port), [](std::string_view) { return RedirectVerdict{}; });

  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == Error::Kind::kConfig);
  CHECK(second.error().what.find(std::to_string(port)) != std::string::npos);
}

TEST_CASE("a host that is not this computer is refused", "[desktop][listener]") {
  const auto listening = LoopbackListenerFactory().listen(
      rule_for("0.0.0.0"), [](std::string_view) { return RedirectVerdict{}; });

  REQUIRE_FALSE(listening.has_value());
  CHECK(listening.error().kind == Error::Kind::kConfig);
}
