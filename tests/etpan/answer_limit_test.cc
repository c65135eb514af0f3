// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/answer_limit.h"

#include <libetpan/libetpan.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "etpan/login.h"
#include "etpan/start_tls.h"
#include "scripted_mail.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using namespace std::chrono_literals;

namespace {

mailstream* stream_of(mailimap* session) { return session->imap_stream; }
mailstream* stream_of(mailpop3* session) { return session->pop3_stream; }
mailstream* stream_of(mailsmtp* session) { return session->stream; }

/// Two ends of a local connection, of which libetpan has one, with the host's limit of a second.
/// "abc" is on its way.
struct TwoEnds {
  TwoEnds() {
    int ends[2] = {-1, -1};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    far = ends[1];
    REQUIRE(send(far, "abc", 3, 0) == 3);
    stream = mailstream_socket_open(ends[0]);
    low = mailstream_get_low(stream);
    mailstream_low_set_timeout(low, 1);
  }
  ~TwoEnds() {
    goes();
    close(far);
  }
  void goes() {
    if (stream) mailstream_close(stream);
    stream = nullptr;
  }
  /// Longer than so long, by the clock of the limit.
  void wait(std::chrono::seconds time) const {
    const auto end = etpan::ReadWatch::Clock::now() + time;
    while (etpan::ReadWatch::Clock::now() <= end) std::this_thread::sleep_until(end);
  }
  /// A byte; nothing when there is no more.
  std::string read() const {
    char byte = 0;
    return mailstream_low_read(low, &byte, 1) == 1 ? std::string(1, byte) : std::string();
  }
  /// What is on its way.
  std::string rest() const {
    std::string bytes(3, '\0');
    bytes.resize(static_cast<std::size_t>(mailstream_low_read(low, bytes.data(), bytes.size())));
    return bytes;
  }

  int far = -1;
  mailstream* stream = nullptr;
  mailstream_low* low = nullptr;
};

/// A login with a second for each answer, the host's limit too: how it fails, once the server has
/// played all before the drip.
template <auto Connect>
std::string outcome_of(const Script& script, etpan::Tokens tokens = {}) {
  LoginRun<Connect> run(script);
  mailstream_low_set_timeout(mailstream_get_low(stream_of(run.session.get())), 1);
  auto login = plain_login(run.tokens);
  if (tokens.current) login.tokens = std::move(tokens);
  login.patience = 1s;
  const auto done = etpan::login(run.session.get(), login);
  run.session.reset();  // libetpan's goodbye
  for (const std::string& line : run.server.finish()) {
    if (line.find("UNEXPECTED") == 0) return line;
  }
  return done ? "signed in" : done.error().code;
}

}  // namespace

// Each read gets something in time, a piece of a line or whole lines. libetpan's goodbye behind it
// ends, too.
TEST_CASE("a mail server that drips without an end holds no login", "[etpan]") {
  const Step hello = send("* OK ready\r\n");
  const Step offer = send("* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done\r\n");
  CHECK(outcome_of<imap_to>({hello, expect("{tag} CAPABILITY"), send("* CAP"), drip("X")}) ==
        "connection");
  CHECK(outcome_of<imap_to>({hello, expect("{tag} CAPABILITY"), drip("* OK wait\r\n")}) ==
        "connection");
  CHECK(outcome_of<imap_to>({hello, expect("{tag} CAPABILITY"), offer,
                             expect("{tag} AUTHENTICATE {any}"), drip("* OK wait\r\n")}) ==
        "connection");
  CHECK(outcome_of<imap_to>({hello, expect("{tag} CAPABILITY"), offer,
                             expect("{tag} AUTHENTICATE {any}"), send("{tag} OK in\r\n"),
                             expect("{tag} LIST {any}"), drip("* OK wait\r\n")}) == "connection");

  const Step ready = send("+OK ready\r\n");
  CHECK(outcome_of<pop_to>({ready, expect("CAPA"), send("+OK\r\n"), drip("SASL XOAUTH2\r\n")}) ==
        "connection");
  CHECK(outcome_of<pop_to>({ready, expect("CAPA"), send("+OK\r\nSASL XOAUTH2\r\n.\r\n"),
                            expect("AUTH XOAUTH2"), send("+\r\n"), expect(kOne), drip("+")}) ==
        "connection");

  const Step greeting = send("220 ready\r\n");
  CHECK(outcome_of<smtp_to>({greeting, expect("EHLO {any}"), drip("250-x\r\n")}) == "connection");
  CHECK(outcome_of<smtp_to>({greeting, expect("EHLO {any}"), send("250 AUTH XOAUTH2\r\n"),
                             expect("AUTH XOAUTH2 " + kOne), send("235 "), drip("x")}) ==
        "connection");
}

TEST_CASE("the stream is the host's again after a limit", "[etpan][stream]") {
  const TwoEnds pair;
  const mailstream_low_driver* driver = pair.low->driver;
  {
    const etpan::AnswerLimit limit(pair.low, 60s);
    CHECK(pair.low->driver != driver);
    CHECK(mailstream_low_get_timeout(pair.low) == 60);
    CHECK(pair.read() == "a");
  }
  CHECK(pair.low->driver == driver);
  CHECK(mailstream_low_get_timeout(pair.low) == 1);
  CHECK(pair.read() == "b");
}

TEST_CASE("each write begins a new limit, and what had none left reads nothing more",
          "[etpan][stream]") {
  const TwoEnds pair;
  const etpan::AnswerLimit limit(pair.low, 3s);
  pair.wait(3s);
  REQUIRE(mailstream_low_write(pair.low, "x", 1) == 1);
  CHECK(pair.read() == "a");
  {
    const etpan::AnswerLimit longer(pair.low, 60s);
    pair.wait(3s);
    CHECK(pair.read() == "b");  // the innermost counts
  }
  const int fd = mailstream_low_get_fd(pair.low);
  char byte = 0;
  REQUIRE(recv(fd, &byte, 1, MSG_DONTWAIT) == 1);
  REQUIRE(recv(fd, &byte, 1, MSG_DONTWAIT) == -1);

  CHECK(pair.read().empty());
  CHECK(recv(fd, &byte, 1, MSG_DONTWAIT) == 0);  // the end of the connection
}

TEST_CASE("libetpan's own patience may end first: nothing is read afterwards either", "[etpan]") {
  const Script script = {send("* OK ready\r\n"), expect("{tag} CAPABILITY"),
                         pause(std::chrono::milliseconds(1500)), expect("{tag} LOGOUT"),
                         drip("* ")};
  CHECK(outcome_of<imap_to>(script) == "connection");
}

TEST_CASE("a token that takes longer than an answer may ends no connection", "[etpan]") {
  etpan::Tokens slow;
  slow.current = []() -> Result<AccessToken> {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // the token's own time
    return AccessToken(Secret("token-one"));
  };
  slow.refused = [](std::string_view) {};
  CHECK(outcome_of<smtp_to>(
            {send("220 ready\r\n"), expect("EHLO {any}"), send("250 AUTH XOAUTH2\r\n"),
             expect("AUTH XOAUTH2 " + kOne), send("235 ok\r\n")},
            slow) == "signed in");
}

TEST_CASE("a stream may go before its limit", "[etpan][stream]") {
  TwoEnds pair;
  const etpan::AnswerLimit limit(pair.low, 60s);
  const etpan::AnswerLimit inner(pair.low, 60s);
  CHECK(pair.rest() == "abc");
  pair.goes();
  CHECK(recv(pair.far, nullptr, 0, 0) == 0);
}

TEST_CASE("a watch ends a read that is under way", "[etpan][stream]") {
  const TwoEnds pair;
  REQUIRE(pair.rest() == "abc");
  etpan::ReadWatch watch(mailstream_low_get_fd(pair.low));
  mailstream_low_set_timeout(pair.low, 3600);

  watch.arm(etpan::ReadWatch::Clock::now() + 200ms);

  CHECK(pair.read().empty());
}

TEST_CASE("a handshake that drips without an end holds nobody", "[etpan][transport]") {
  ScriptedMail server({send("+OK ready\r\n"), expect("STLS"), send("+OK begin\r\n"),
                       pause(std::chrono::milliseconds(300)),
                       send(std::string("\x16\x03\x03\x40\x00", 5)), drip("x")});
  const auto session = pop_to(server.port());
  mailpop3_set_timeout(session.get(), 1);

  const auto done = etpan::start_tls(session.get(), "", 1s);

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kTransient);
}
