// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/answer_limit.h"

#include <libetpan/libetpan.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "etpan/login.h"
#include "scripted_mail.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using namespace std::chrono_literals;

namespace {

mailstream* stream_of(mailimap* session) { return session->imap_stream; }
mailstream* stream_of(mailpop3* session) { return session->pop3_stream; }
mailstream* stream_of(mailsmtp* session) { return session->stream; }

/// A login with a second for each answer, the host's limit too; how it fails.
template <auto Connect>
std::string signs_in(const Script& script) {
  LoginRun<Connect> run(script);
  mailstream_low* low = mailstream_get_low(stream_of(run.session.get()));
  mailstream_low_set_timeout(low, 1);
  auto login = plain_login(run.tokens);
  login.patience = 1s;
  const auto done = etpan::login(run.session.get(), login);
  shutdown(mailstream_low_get_fd(low), SHUT_RDWR);  // libetpan's goodbye waits for an answer, too
  return done ? "signed in" : done.error().code;
}

}  // namespace

// Each read gets something in time, a piece of a line or whole lines.
TEST_CASE("a mail server that drips without an end holds no login", "[etpan]") {
  const Step hello = send("* OK ready\r\n");
  const Step offer = send("* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done\r\n");
  CHECK(signs_in<imap_to>({hello, expect("{tag} CAPABILITY"), send("* CAP"), drip("X")}) ==
        "connection");
  CHECK(signs_in<imap_to>({hello, expect("{tag} CAPABILITY"), drip("* OK wait\r\n")}) ==
        "connection");
  CHECK(signs_in<imap_to>({hello, expect("{tag} CAPABILITY"), offer,
                           expect("{tag} AUTHENTICATE {any}"), drip("* OK wait\r\n")}) ==
        "connection");
  CHECK(signs_in<imap_to>({hello, expect("{tag} CAPABILITY"), offer,
                           expect("{tag} AUTHENTICATE {any}"), send("{tag} OK in\r\n"),
                           expect("{tag} LIST {any}"), drip("* OK wait\r\n")}) == "connection");

  const Step ready = send("+OK ready\r\n");
  CHECK(signs_in<pop_to>({ready, expect("CAPA"), send("+OK\r\n"), drip("SASL XOAUTH2\r\n")}) ==
        "connection");
  CHECK(signs_in<pop_to>({ready, expect("CAPA"), send("+OK\r\nSASL XOAUTH2\r\n.\r\n"),
                          expect("AUTH XOAUTH2"), send("+\r\n"), expect(kOne), drip("+")}) ==
        "connection");

  const Step greeting = send("220 ready\r\n");
  CHECK(signs_in<smtp_to>({greeting, expect("EHLO {any}"), drip("250-x\r\n")}) == "connection");
  CHECK(signs_in<smtp_to>({greeting, expect("EHLO {any}"), send("250 AUTH XOAUTH2\r\n"),
                           expect("AUTH XOAUTH2 " + kOne), send("235 "), drip("x")}) ==
        "connection");
}

TEST_CASE("each write begins a new limit, and the stream is the host's again afterwards",
          "[etpan][stream]") {
  int ends[2] = {-1, -1};
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  REQUIRE(send(ends[1], "abc", 3, 0) == 3);
  mailstream* stream = mailstream_socket_open(ends[0]);
  mailstream_low* low = mailstream_get_low(stream);
  mailstream_low_set_timeout(low, 1);
  const mailstream_low_driver* driver = low->driver;
  char byte = 0;
  {
    const etpan::AnswerLimit limit(low, 1s);
    {
      const etpan::AnswerLimit longer(low, 60s);
      CHECK(mailstream_low_read(low, &byte, 1) == 1);
    }
    std::this_thread::sleep_for(1s);

    CHECK(mailstream_low_read(low, &byte, 1) == -1);
    CHECK(mailstream_low_write(low, "x", 1) == 1);
    CHECK(mailstream_low_read(low, &byte, 1) == 1);
  }
  CHECK(low->driver == driver);
  CHECK(mailstream_low_get_timeout(low) == 1);
  CHECK(mailstream_low_read(low, &byte, 1) == 1);
  CHECK(byte == 'c');
  mailstream_close(stream);
  close(ends[1]);
}
