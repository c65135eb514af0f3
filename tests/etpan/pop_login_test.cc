// SPDX-License-Identifier: GPL-3.0-or-later
#include <libetpan/libetpan.h>

#include "etpan/login.h"
#include "scripted_mail.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using etpan::Mechanism;

namespace {

Script pop(const Script& rest, const std::string& offer = "SASL PLAIN XOAUTH2") {
  Script script = {send("+OK ready\r\n"), expect("CAPA"),
                   send("+OK\r\nTOP\r\n" + offer + "\r\nUSER\r\n.\r\n")};
  script.insert(script.end(), rest.begin(), rest.end());
  return script;
}

using PopRun = LoginRun<pop_to>;

}  // namespace

TEST_CASE("POP3 signs in with two lines, and libetpan goes on", "[etpan][pop]") {
  const auto go_ahead = GENERATE(as<std::string>{}, "+\r\n", "+ \r\n");
  PopRun run(pop({expect("AUTH XOAUTH2"), send(go_ahead), expect(kOne),
                  send("+OK User successfully authenticated.\r\n"), expect("STAT"),
                  send("+OK 2 320\r\n"), expect("STAT"), send("+OK 2 320\r\n")}));

  const auto done = run.login();

  REQUIRE(done);
  CHECK(*done == Mechanism::kXoauth2);
  mailpop3_stat_response* stat = nullptr;
  REQUIRE(mailpop3_stat(run.session.get(), &stat) == MAILPOP3_NO_ERROR);
  CHECK(stat->msgs_count == 2);
  mailpop3_stat_resp_free(stat);
}

TEST_CASE("a refused POP3 token leads to one new one", "[etpan][pop]") {
  PopRun run(pop({expect("AUTH XOAUTH2"), send("+\r\n"), expect(kOne), send("+ " + kStale + "\r\n"),
                  expect(""), send("-ERR [AUTH] no\r\n"), expect("AUTH XOAUTH2"), send("+\r\n"),
                  expect("{any}"), send("+OK\r\n"), expect("STAT"), send("+OK 0 0\r\n")}),
             {"token-one", "token-two"});

  REQUIRE(run.login());
  CHECK(run.tokens.refused == std::vector<std::string>{"token-one"});
}

TEST_CASE("POP3 refusals are sorted by what they mean", "[etpan][pop]") {
  const auto [answer, kind, reports] = GENERATE(table<std::string, Error::Kind, std::size_t>({
      {"-ERR Authentication failure: unknown user name or bad password.\r\n", Error::Kind::kRefused,
       1},
      {"-ERR [AUTH] no\r\n", Error::Kind::kRefused, 1},
      {"-ERR [SYS/PERM] switched off\r\n", Error::Kind::kRefused, 0},
      {"-ERR [SYS/TEMP] later\r\n", Error::Kind::kTransient, 0},
      {"-ERR [IN-USE] locked\r\n", Error::Kind::kTransient, 0},
      {"* OK this is IMAP\r\n", Error::Kind::kProtocol, 0},
      {"", Error::Kind::kTransient, 0},
  }));
  CAPTURE(answer);
  PopRun run(pop({expect("AUTH XOAUTH2"), send("+\r\n"), expect(kOne), send(answer)}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == kind);
  CHECK(run.tokens.refused.size() == reports);
}

TEST_CASE("a POP3 server that refuses the command itself refuses no token", "[etpan][pop]") {
  PopRun run(pop({expect("AUTH XOAUTH2"), send("-ERR POP is disabled for this mailbox\r\n")}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(done.error().what.find("POP is disabled") != std::string::npos);
  CHECK(run.tokens.refused.empty());
}

TEST_CASE("a POP3 mailbox that does not open after a login is seen", "[etpan][pop]") {
  PopRun run(pop({expect("AUTH XOAUTH2"), send("+\r\n"), expect(kOne), send("+OK\r\n"),
                  expect("STAT"), send("-ERR User is authenticated but not connected.\r\n")}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(done.error().code == "not-connected");
  CHECK(done.error().what.find("authenticated but not connected") != std::string::npos);
  CHECK(run.tokens.refused.empty());
}

TEST_CASE("POP3 without XOAUTH2 takes OAUTHBEARER, without both it is refused", "[etpan][pop]") {
  PopRun bearer(pop({expect("AUTH OAUTHBEARER"), send("+ \r\n"), expect("{any}"), send("+OK\r\n"),
                     expect("STAT"), send("+OK 0 0\r\n")},
                    "SASL OAUTHBEARER"));
  const auto done = bearer.login();
  REQUIRE(done);
  CHECK(*done == Mechanism::kOauthbearer);
  // n,a=alice@contoso.test,^Ahost=127.0.0.1^Aauth=Bearer token-one^A^A
  CHECK(bearer.server.finish().at(2) ==
        "bixhPWFsaWNlQGNvbnRvc28udGVzdCwBaG9zdD0xMjcuMC4wLjEBYXV0aD1CZWFyZXIgdG9rZW4tb25lAQE=");

  PopRun none(pop({}, "SASL PLAIN"));
  const auto refused = none.login();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "no-mechanism");

  PopRun no_capa({send("+OK\r\n"), expect("CAPA"), send("-ERR unknown\r\n")});
  const auto old = no_capa.login();
  REQUIRE_FALSE(old);
  CHECK(old.error().kind == Error::Kind::kRefused);
}

TEST_CASE("a POP3 server that hangs up within its CAPA list does not eat all memory",
          "[etpan][pop]") {
  PopRun run(
      {send("+OK ready\r\n"), expect("CAPA"), send("+OK\r\nTOP\r\nSASL XOAUTH2\r\n"), hang_up()});

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kTransient);
  CHECK(done.error().code == "connection");
}

TEST_CASE("a POP3 server whose CAPA list does not end breaks its protocol", "[etpan][pop]") {
  std::string list = "+OK\r\n";
  for (int line = 0; line < 200; ++line) list += "X-LINE\r\n";
  PopRun run({send("+OK ready\r\n"), expect("CAPA"), send(list)});

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kProtocol);
}
