// SPDX-License-Identifier: GPL-3.0-or-later
#include <libetpan/libetpan.h>

#include "etpan/login.h"
#include "scripted_mail.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using etpan::Mechanism;

namespace {

Script smtp(const Script& rest, const std::string& offer = "AUTH LOGIN XOAUTH2") {
  Script script = {send("220 ready\r\n"), expect("EHLO {any}"),
                   send("250-outlook.office365.com Hello\r\n250-SIZE 157286400\r\n250-" + offer +
                        "\r\n250 SMTPUTF8\r\n")};
  script.insert(script.end(), rest.begin(), rest.end());
  return script;
}

using SmtpRun = LoginRun<smtp_to>;

}  // namespace

TEST_CASE("a short SMTP response stands on the line of the command", "[etpan][smtp]") {
  SmtpRun run(smtp({expect("AUTH XOAUTH2 " + kOne), send("235 2.7.0 Authentication successful\r\n"),
                    expect("NOOP"), send("250 2.0.0 OK\r\n")}));

  const auto done = run.login();

  REQUIRE(done);
  CHECK(*done == Mechanism::kXoauth2);
  CHECK(mailsmtp_noop(run.session.get()) == MAILSMTP_NO_ERROR);
}

TEST_CASE("the answer to the host's own EHLO is used", "[etpan][smtp]") {
  SmtpRun run(smtp({expect("AUTH XOAUTH2 " + kOne), send("235 ok\r\n")}));
  REQUIRE(mailesmtp_ehlo(run.session.get()) == MAILSMTP_NO_ERROR);

  REQUIRE(run.login());
  CHECK(run.server.finish().size() == 2);
}

TEST_CASE("an SMTP server with a tab in its list of mechanisms does not hold the login for ever",
          "[etpan][smtp]") {
  SmtpRun run(smtp({expect("AUTH XOAUTH2 " + kOne), send("235 ok\r\n")}, "AUTH LOGIN XOAUTH2 \t"));

  CHECK(run.login());
}

TEST_CASE(
    "a server that is cut off within its answer to EHLO is not told as one without mechanisms",
    "[etpan][smtp]") {
  SmtpRun run({send("220 ready\r\n"), expect("EHLO {any}"), send("250-hello\r\n250"), hang_up()});

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kTransient);
  CHECK(done.error().code == "connection");
}

TEST_CASE("what the server can is kept for the host's own mail", "[etpan][smtp]") {
  SmtpRun run(smtp({expect("AUTH XOAUTH2 " + kOne), send("235 ok\r\n")},
                   "8bitmime\r\n250-DSN\r\n250-AUTH XOAUTH2"));

  REQUIRE(run.login());
  CHECK(run.session->esmtp ==
        (MAILSMTP_ESMTP | MAILSMTP_ESMTP_SIZE | MAILSMTP_ESMTP_8BITMIME | MAILSMTP_ESMTP_DSN));
  CHECK(run.session->smtp_max_msg_size == 157286400);
  CHECK(run.server.finish().front().rfind("EHLO [", 0) == 0);
}

TEST_CASE("the line limit decides between one line and two", "[etpan][smtp]") {
  // "AUTH XOAUTH2 " is 13 bytes, the response 64, the line end 2.
  const auto [limit, one_line] =
      GENERATE(table<std::size_t, bool>({{79, true}, {78, false}, {0, false}}));
  CAPTURE(limit);
  const Script in_one = {expect("AUTH XOAUTH2 " + kOne), send("235 ok\r\n")};
  const Script in_two = {expect("AUTH XOAUTH2"), send("334 \r\n"), expect(kOne),
                         send("235 ok\r\n")};
  SmtpRun run(smtp(one_line ? in_one : in_two));
  auto login = plain_login(run.tokens);
  login.smtp_line_limit = limit;

  CHECK(etpan::login(run.session.get(), login));
  CHECK(run.server.finish().size() == (one_line ? 2u : 3u));
}

TEST_CASE("a login follows the provider's manifest", "[etpan][smtp]") {
  Provider provider;
  provider.mechanism = Mechanism::kOauthbearer;
  provider.smtp_line_limit = 0;
  etpan::Login login;

  etpan::follow_manifest(login, provider);

  using Preference = std::vector<Mechanism>;
  CHECK(login.preference == Preference{Mechanism::kOauthbearer, Mechanism::kXoauth2});
  CHECK(login.smtp_line_limit == 0);
  etpan::follow_manifest(login, Provider());
  CHECK(login.preference == Preference{Mechanism::kXoauth2, Mechanism::kOauthbearer});
  CHECK(login.smtp_line_limit == 512);
}

TEST_CASE("a long SMTP response gets a line of its own", "[etpan][smtp]") {
  SmtpRun run(smtp({expect("AUTH XOAUTH2"), send("334 \r\n"), expect("{any}"), send("235 ok\r\n")}),
              {std::string(2500, 't')});

  REQUIRE(run.login());
  CHECK(run.server.finish().back().size() == 3384);
}

TEST_CASE("a refused SMTP token leads to one new one", "[etpan][smtp]") {
  SmtpRun run(smtp({expect("AUTH XOAUTH2 " + kOne), send("334 " + kStale + "\r\n"), expect(""),
                    send("535-5.7.3 Authentication\r\n535 5.7.3 unsuccessful\r\n"),
                    expect("AUTH XOAUTH2 {any}"), send("235 ok\r\n")}),
              {"token-one", "token-two"});

  REQUIRE(run.login());
  CHECK(run.tokens.refused == std::vector<std::string>{"token-one"});
}

TEST_CASE("SMTP refusals are sorted by what they mean", "[etpan][smtp]") {
  const auto [answer, kind, code, reports] =
      GENERATE(table<std::string, Error::Kind, std::string, std::size_t>({
          {"535 5.7.3 Authentication unsuccessful [SN2PR00CA0018]\r\n", Error::Kind::kRefused,
           "5.7.3", 1},
          {"535 no\r\n", Error::Kind::kRefused, "535", 1},
          {"535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.\r\n",
           Error::Kind::kRefused, "5.7.139", 0},
          {"500 5.5.2 Line too long\r\n", Error::Kind::kRefused, "5.5.2", 0},
          {"454 4.7.0 Temporary authentication failure\r\n", Error::Kind::kTransient, "4.7.0", 0},
          {"421 4.3.2 closing\r\n", Error::Kind::kTransient, "4.3.2", 0},
          {"+OK this is POP3\r\n", Error::Kind::kProtocol, "", 0},
          {"100 what\r\n", Error::Kind::kProtocol, "", 0},
          {"", Error::Kind::kTransient, "connection", 0},
      }));
  CAPTURE(answer);
  SmtpRun run(smtp({expect("AUTH XOAUTH2 " + kOne), send(answer)}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == kind);
  CHECK(done.error().code == code);
  CHECK(run.tokens.refused.size() == reports);
}

TEST_CASE("a server's endless lines end", "[etpan][smtp]") {
  std::string endless;
  for (int line = 0; line < 150; ++line) endless += "235-more\r\n";
  SmtpRun run(smtp({expect("AUTH XOAUTH2 " + kOne), send(endless)}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kProtocol);
}

TEST_CASE("SMTP without AUTH by token is refused before a token is asked for", "[etpan][smtp]") {
  const auto offer = GENERATE(as<std::string>{}, "AUTH PLAIN LOGIN", "8BITMIME", "XAUTH XOAUTH2");
  SmtpRun run(smtp({}, offer));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().code == "no-mechanism");
  CHECK(run.tokens.asked == 0);
}

TEST_CASE("AUTH= of old servers counts", "[etpan][smtp]") {
  SmtpRun run(
      smtp({expect("AUTH OAUTHBEARER {any}"), send("235 ok\r\n")}, "AUTH=PLAIN OAUTHBEARER"));

  const auto done = run.login();

  REQUIRE(done);
  CHECK(*done == Mechanism::kOauthbearer);
}

// Three programs' limits of one second, and servers that take longer than that.
TEST_CASE("a server that is slower than the host's limit is waited for", "[etpan]") {
  const Step slow = pause(std::chrono::milliseconds(1200));
  LoginRun<imap_to> imap({send("* OK ready\r\n"), expect("{tag} CAPABILITY"), slow,
                          send("* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done\r\n"),
                          expect("{tag} AUTHENTICATE {any}"), slow, send("{tag} OK in\r\n"),
                          expect("{tag} LIST {any}"), send("{tag} OK done\r\n")});
  LoginRun<pop_to> pop({send("+OK ready\r\n"), expect("CAPA"), send("+OK\r\nSASL XOAUTH2\r\n.\r\n"),
                        expect("AUTH XOAUTH2"), slow, send("+\r\n"), expect(kOne), slow,
                        send("+OK\r\n"), expect("STAT"), send("+OK 0 0\r\n")});
  LoginRun<smtp_to> run(smtp({expect("AUTH XOAUTH2 " + kOne), slow, send("235 ok\r\n")}));
  const auto signs_in = [](auto& one, mailstream* stream) {
    mailstream_low_set_timeout(mailstream_get_low(stream), 1);
    return one.login().has_value();
  };

  CHECK(signs_in(imap, imap.session->imap_stream));
  CHECK(signs_in(pop, pop.session->pop3_stream));
  CHECK(signs_in(run, run.session->stream));
  CHECK(etpan::Login().patience >= std::chrono::seconds(60));
}
