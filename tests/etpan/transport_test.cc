// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/transport.h"

#include <libetpan/libetpan.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "etpan/start_tls.h"
#include "etpan/stream.h"
#include "scripted_mail.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// Two ends of a local connection; libetpan has one.
struct Pair {
  Pair() {
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    stream = mailstream_socket_open(ends[0]);
  }
  ~Pair() {
    mailstream_close(stream);
    if (ends[1] >= 0) close(ends[1]);
  }
  void far_end_goes() {
    close(ends[1]);
    ends[1] = -1;
  }
  std::string far_end_reads() {
    std::string bytes(100000, '\0');
    const ssize_t count = recv(ends[1], bytes.data(), bytes.size(), 0);
    bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return bytes;
  }

  int ends[2] = {-1, -1};
  mailstream* stream = nullptr;
};

}  // namespace

TEST_CASE("without TLS no token is asked for, on loopback neither unless it was asked for",
          "[etpan][transport]") {
  ScriptedMail server({send("* OK ready\r\n")});
  const auto session = imap_to(server.port());
  TokenList tokens;
  auto login = plain_login(tokens);
  login.peer.plain_on_loopback = false;

  const auto done = etpan::login(session.get(), login);

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kConfig);
  CHECK(done.error().code == "no-tls");
  CHECK(tokens.asked == 0);
  CHECK(server.finish().empty());
}

TEST_CASE("a plain connection that is not loopback is refused even when asked for",
          "[etpan][transport]") {
  const Pair pair;  // a socket without an address: not known to be loopback
  etpan::Peer peer;
  peer.plain_on_loopback = true;

  const auto fit = etpan::check_transport(pair.stream, peer);

  REQUIRE_FALSE(fit);
  CHECK(fit.error().code == "no-tls");
}

TEST_CASE("bytes that wait before the login are an attack", "[etpan][transport]") {
  ScriptedMail server({send("* OK ready\r\n1 OK injected\r\n")});
  const auto session = imap_to(server.port());
  TokenList tokens;

  const auto done = etpan::login(session.get(), plain_login(tokens));

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kProtocol);
  CHECK(done.error().code == "leftover");
  CHECK(tokens.asked == 0);
}

TEST_CASE("answers injected behind STARTTLS end the connection", "[etpan][transport]") {
  ScriptedMail imap({send("* OK ready\r\n"), expect("{tag} STARTTLS"),
                     send("{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n2 OK done\r\n")});
  const auto imap_session = imap_to(imap.port());
  const auto imap_done = etpan::start_tls(imap_session.get());
  REQUIRE_FALSE(imap_done);
  CAPTURE(imap_done.error().what);
  CHECK(imap_done.error().code == "leftover");

  ScriptedMail pop(
      {send("+OK ready\r\n"), expect("STLS"), send("+OK begin\r\n+OK\r\nSASL PLAIN\r\n.\r\n")});
  const auto pop_session = pop_to(pop.port());
  const auto pop_done = etpan::start_tls(pop_session.get());
  REQUIRE_FALSE(pop_done);
  CHECK(pop_done.error().code == "leftover");

  ScriptedMail smtp({send("220 ready\r\n"), expect("EHLO {any}"), send("250-h\r\n250 STARTTLS\r\n"),
                     expect("STARTTLS"), send("220 begin\r\n250-h\r\n250 AUTH PLAIN\r\n")});
  const auto smtp_session = smtp_to(smtp.port());
  const auto smtp_done = etpan::start_tls(smtp_session.get());
  REQUIRE_FALSE(smtp_done);
  CHECK(smtp_done.error().kind == Error::Kind::kProtocol);
  CHECK(smtp_done.error().code == "leftover");
}

TEST_CASE("a server that will not begin TLS is refused", "[etpan][transport]") {
  ScriptedMail imap(
      {send("* OK ready\r\n"), expect("{tag} STARTTLS"), send("{tag} NO not here\r\n")});
  const auto session = imap_to(imap.port());
  const auto done = etpan::start_tls(session.get());
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(done.error().what.find("not here") != std::string::npos);

  ScriptedMail smtp({send("220 ready\r\n"), expect("EHLO {any}"), send("250 h\r\n")});
  const auto stripped = smtp_to(smtp.port());
  const auto none = etpan::start_tls(stripped.get());
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == Error::Kind::kRefused);
}

TEST_CASE("a broken STARTTLS is for later", "[etpan][transport]") {
  ScriptedMail gone({send("+OK ready\r\n"), expect("STLS")});
  const auto session = pop_to(gone.port());
  const auto lost = etpan::start_tls(session.get());
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == Error::Kind::kTransient);

  ScriptedMail no_handshake({send("+OK ready\r\n"), expect("STLS"), send("+OK begin\r\n")});
  const auto other = pop_to(no_handshake.port());
  const auto failed = etpan::start_tls(other.get());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == Error::Kind::kTransient);
}

TEST_CASE("private lines go out whole, behind what waited, and past the log", "[etpan][stream]") {
  Pair pair;
  const WireLog log;
  {
    etpan::Stream stream(pair.stream, std::chrono::seconds(60));
    REQUIRE(stream.add("1 AUTHENTICATE XOAUTH2 "));
    REQUIRE(stream.send_private(Secret("c2VjcmV0")));
  }
  CHECK(pair.far_end_reads() == "1 AUTHENTICATE XOAUTH2 c2VjcmV0\r\n");
  CHECK(WireLog::text().find("c2VjcmV0") == std::string::npos);
}

TEST_CASE("an empty line crashes nothing: the byte before the buffer is left alone",
          "[etpan][stream]") {
  char memory[64] = "\n";
  MMAPString buffer = {memory + 1, 0, sizeof(memory) - 1, -1, 0};
  Pair pair;
  etpan::Stream stream(pair.stream, std::chrono::seconds(60));
  for (const auto& [sent, line] : std::vector<std::pair<std::string, std::string>>{
           {"\n", ""}, {"\r\n", ""}, {"+OK\r\n", "+OK"}, {"+OK\n", "+OK"}, {"\r\r\n", "\r"}}) {
    CAPTURE(sent);
    REQUIRE(send(pair.ends[1], sent.data(), sent.size(), 0) == static_cast<ssize_t>(sent.size()));
    const char* read = stream.read_line(&buffer);
    REQUIRE(read != nullptr);
    CHECK(read == line);
    CHECK(buffer.len == line.size());
    CHECK(memory[0] == '\n');
  }
}

TEST_CASE("a connection that is gone raises no SIGPIPE", "[etpan][stream]") {
  Pair pair;
  pair.far_end_goes();
  const auto before = signal(SIGPIPE, SIG_DFL);
  {
    etpan::Stream stream(pair.stream, std::chrono::seconds(60));
    CHECK_FALSE(stream.send_private(Secret("x")));
  }
  sigset_t pending;
  sigpending(&pending);
  CHECK(sigismember(&pending, SIGPIPE) == 0);
  signal(SIGPIPE, before);
}

TEST_CASE("a login waits a minute at least, and the host's limit comes back", "[etpan][stream]") {
  const auto [host, during] = GENERATE(table<long, long>({
      {5, 60},    // Claws Mail's usual
      {120, 120}  // longer stays
  }));
  Pair pair;
  mailstream_low* low = mailstream_get_low(pair.stream);
  mailstream_low_set_timeout(low, host);
  {
    const etpan::Stream stream(pair.stream, std::chrono::seconds(60));
    CHECK(mailstream_low_get_timeout(low) == during);
  }
  CHECK(mailstream_low_get_timeout(low) == host);
}
