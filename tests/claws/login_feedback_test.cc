// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/login_feedback.h"

#include <vector>

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;

namespace {

/// The verdicts of a whole log.
std::vector<LoginVerdict> verdicts(const std::vector<std::string>& lines) {
  LoginFeedback feedback;
  std::vector<LoginVerdict> found;
  for (const auto& line : lines) {
    if (auto verdict = feedback.read(line)) found.push_back(std::move(*verdict));
  }
  return found;
}

constexpr char kLogin[] = "IMAP> Logging alice@c.test to mail.c.test using XOAUTH2\n";

}  // namespace

TEST_CASE("an IMAP login that succeeds", "[claws][feedback]") {
  const auto found = verdicts({std::string("[2026-11-22 04:49:00] ") + kLogin, "IMAP< Logged in\n",
                               "IMAP< Login to mail.c.test successful\n"});

  REQUIRE(found.size() == 1);
  CHECK(found[0].protocol == Protocol::kImap);
  CHECK(found[0].accepted);
  CHECK(found[0].user == "alice@c.test");
  CHECK(found[0].server == "mail.c.test");
}

TEST_CASE("an IMAP login that the server refuses in its own words", "[claws][feedback]") {
  const auto words =
      GENERATE(as<std::string>{}, "IMAP< Authentication failed.\n", "IMAP< AUTHENTICATE failed.\n",
               "IMAP< Invalid credentials (Failure)\n");

  const auto found = verdicts({kLogin, words, "IMAP< Error logging in to mail.c.test\n"});

  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].accepted);
  CHECK(found[0].doubtful);
  CHECK(found[0].user == "alice@c.test");
}

TEST_CASE("what is unclear is no refusal", "[claws][feedback]") {
  const auto lines = GENERATE(values<std::vector<std::string>>({
      {kLogin, "IMAP< Error logging in to mail.c.test\n"},  // the network, perhaps
      {kLogin, "IMAP< Temporary authentication failure.\n",
       "IMAP< Error logging in to mail.c.test\n"},
      {"IMAP< Authentication failed.\n", "IMAP< Error logging in to mail.c.test\n"},  // whose?
      {"IMAP> Logging bob to mail.c.test using LOGIN\n", "IMAP< Authentication failed.\n",
       "IMAP< Error logging in to mail.c.test\n"},  // a password
      {kLogin, "IMAP< Authentication failed.\n", "IMAP< Error logging in to other.c.test\n"},
      {"POP> AUTH XOAUTH2  ********\n", "POP< -ERR Protocol error. Connection is closed. 10\n"},
      {"POP> AUTH XOAUTH2  ********\n", "POP< -ERR [SYS/TEMP] Temporary failure.\n"},
      {"POP< -ERR Authentication failure: unknown user name or bad password.\n"},
      {"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 454 4.7.0 Temporary authentication failure\n"},
      {kLogin, "IMAP< [UNAVAILABLE] Too many simultaneous connections.\n",
       "IMAP< Error logging in to mail.c.test\n"},
      {"IMAP< 3 BAD User is authenticated but not connected.\n"},  // whose?
      {"ESMTP< 550 5.7.60 Client does not have permissions to send as this sender\n"},
      {"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 554 5.7.0 something of its own\n"},
      {"ESMTP< 535 5.7.3 Authentication unsuccessful\n"},
      {""},
  }));

  CHECK(verdicts(lines).empty());
}

TEST_CASE("a server that speaks OAUTHBEARER only is told apart", "[claws][feedback]") {
  const auto lines = GENERATE(values<std::vector<std::string>>({
      {"IMAP< * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=OAUTHBEARER AUTH=PLAIN] ready. \n", kLogin,
       "IMAP< BAD\n", "IMAP< Error logging in to mail.c.test\n"},
      {"IMAP< * CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=OAUTHBEARER\n", kLogin,
       "IMAP< Error logging in to mail.c.test\n"},
      {kLogin, "IMAP< Unsupported authentication mechanism.\n",
       "IMAP< Error logging in to mail.c.test\n"},
      {"POP> AUTH XOAUTH2  ********\n", "POP< -ERR Unsupported authentication mechanism.\n"},
      {"ESMTP> EHLO localhost\n", "ESMTP< 250-localhost\n", "ESMTP< 250-AUTH PLAIN OAUTHBEARER\n",
       "ESMTP< 250 SIZE\n", "ESMTP> QUIT\n"},
      {"ESMTP> EHLO localhost\n", "ESMTP< 250 AUTH OAUTHBEARER\n", "ESMTP> STARTTLS\n",
       "ESMTP> EHLO localhost\n", "ESMTP< 250 AUTH OAUTHBEARER\n", "SMTP> MAIL FROM:<a@b.c>\n"},
      {"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 504 5.7.4 Unrecognized authentication type\n"},
  }));
  CAPTURE(lines.back());

  const auto found = verdicts(lines);

  REQUIRE(found.size() == 1);
  CHECK(found[0].unspoken);
  CHECK_FALSE(found[0].accepted);
}

TEST_CASE("a server that speaks both is not", "[claws][feedback]") {
  const auto lines = GENERATE(values<std::vector<std::string>>({
      {"IMAP< * OK [CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER AUTH=XOAUTH2] ready. \n", kLogin,
       "IMAP< Authentication failed.\n", "IMAP< Error logging in to mail.c.test\n"},
      {"IMAP< * CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER\n",  // another server's
       "IMAP< * CAPABILITY IMAP4rev1 AUTH=XOAUTH2\n", kLogin, "IMAP< Authentication failed.\n",
       "IMAP< Error logging in to mail.c.test\n"},
      {"POP> AUTH XOAUTH2  ********\n", "POP< -ERR Authentication failed.\n"},
      {"ESMTP> EHLO localhost\n", "ESMTP< 250-AUTH PLAIN OAUTHBEARER XOAUTH2\n",
       "ESMTP< 250 SIZE\n", "ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 535 5.7.8 Authentication failed\n",
       "ESMTP> QUIT\n"},
  }));

  const auto found = verdicts(lines);

  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].unspoken);
}

TEST_CASE("POP3 and SMTP logins", "[claws][feedback]") {
  const auto [answer, protocol, accepted] = GENERATE(table<std::string, Protocol, bool>({
      {"POP< +OK User successfully authenticated.\n", Protocol::kPop, true},
      {"POP< -ERR Authentication failure: unknown user name or bad password.\n", Protocol::kPop,
       false},
      {"ESMTP< 235 2.7.0 Authentication successful\n", Protocol::kSmtp, true},
      {"ESMTP< 535 5.7.3 Authentication unsuccessful [x.outlook.com]\n", Protocol::kSmtp, false},
  }));
  CAPTURE(answer);

  const auto found = verdicts({"POP> AUTH XOAUTH2  ********\n", "ESMTP> [AUTH XOAUTH2]\n",
                               "ESMTP< 334 \n", "POP< +\n", answer});

  REQUIRE(found.size() == 1);
  CHECK(found[0].protocol == protocol);
  CHECK(found[0].accepted == accepted);
}

TEST_CASE("XOAUTH2's challenge over POP3 is a refusal", "[claws][feedback]") {
  // {"status":"401","schemes":"bearer","scope":"mail"} and the same with 403.
  const auto [challenge, doubtful] = GENERATE(table<std::string, bool>({
      {"eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJtYWlsIn0=", true},
      {"eyJzdGF0dXMiOiI0MDMiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJtYWlsIn0=", false},
      // Dovecot 2.4: {"schemes":"bearer","status":"401","scope":"mail","openid-configuration":""}
      {"eyJzY2hlbWVzIjoiYmVhcmVyIiwic3RhdHVzIjoiNDAxIiwic2NvcGUiOiJtYWlsIiwib3BlbmlkLWNvbmZpZ3VyYXR"
       "p"
       "b24iOiIifQ==",
       true},
  }));

  const auto found =
      verdicts({"POP> AUTH XOAUTH2  ********\n", "POP< + \n", "POP> dXNlcj1h... (truncated)\n",
                "POP< + " + challenge + "\n", "POP> STAT\n", "POP< -ERR Authentication failed.\n"});

  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].accepted);
  CHECK(found[0].doubtful == doubtful);
  CHECK(found[0].challenge == challenge);
}

TEST_CASE("XOAUTH2's challenge over SMTP is a refusal", "[claws][feedback]") {
  // As Dovecot 2.4 and Claws Mail 4.3 say it. {"schemes":"bearer","status":"401","scope":"mail",
  // "openid-configuration":""}, and the same with 403 and 500.
  const auto [challenge, doubtful] = GENERATE(table<std::string, bool>({
      {"eyJzY2hlbWVzIjoiYmVhcmVyIiwic3RhdHVzIjoiNDAxIiwic2NvcGUiOiJtYWlsIiwib3BlbmlkLWNvbmZpZ3VyYXR"
       "p"
       "b24iOiIifQ==",
       true},
      {"eyJzY2hlbWVzIjoiYmVhcmVyIiwic3RhdHVzIjoiNDAzIiwic2NvcGUiOiJtYWlsIiwib3BlbmlkLWNvbmZpZ3VyYXR"
       "p"
       "b24iOiIifQ==",
       false},
      {"eyJzY2hlbWVzIjoiYmVhcmVyIiwic3RhdHVzIjoiNTAwIiwic2NvcGUiOiJtYWlsIiwib3BlbmlkLWNvbmZpZ3VyYXR"
       "p"
       "b24iOiIifQ==",
       false},
  }));

  const auto found =
      verdicts({"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 334 " + challenge + "\n",
                "SMTP> MAIL FROM:<bob@c.test>\n", "SMTP< 535 5.7.8 Invalid base64 in response\n"});

  REQUIRE(found.size() == 1);
  CHECK(found[0].protocol == Protocol::kSmtp);
  CHECK_FALSE(found[0].accepted);
  CHECK(found[0].doubtful == doubtful);
  CHECK(found[0].challenge == challenge);
}

TEST_CASE("a challenge that nobody can read is a refusal, too", "[claws][feedback]") {
  const auto [lines, challenge] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"POP> AUTH XOAUTH2  ********\n", "POP< + who are you\n", "POP> STAT\n"}, "who are you"},
      {{"POP> AUTH XOAUTH2  ********\n", "POP< + e30=\n", "POP> QUIT\n"}, "e30="},
      {{"POP> AUTH XOAUTH2  ********\n", "POP< + \n", "POP> dXNlcj1h... (truncated)\n",
        "POP< + e30=\n", "POP> STAT\n"},
       "e30="},
      {{"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 334 who are you\n"}, "who are you"},
      {{"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 334 e30=\n"}, "e30="},
  }));
  CAPTURE(lines);

  const auto found = verdicts(lines);

  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].accepted);
  CHECK(found[0].doubtful);
  CHECK(found[0].challenge == challenge);
}

TEST_CASE("what a server asks for the token with is no refusal", "[claws][feedback]") {
  CHECK(verdicts({"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 334\n"}).empty());

  const auto found = verdicts({"POP> AUTH XOAUTH2  ********\n", "POP< + go ahead\n",
                               "POP> dXNlcj1h... (truncated)\n", "POP< +OK Logged in.\n"});

  REQUIRE(found.size() == 1);
  CHECK(found[0].accepted);
}

TEST_CASE("each POP3 session's verdict is its own account's", "[claws][feedback]") {
  // The name of an account may look like anything.
  const auto found = verdicts(
      {"Account 'An SMTP and IMAP one': Connecting to POP3 server: pop.a:995...\n",
       "POP> AUTH XOAUTH2  ********\n", "POP< -ERR Authentication failed.\n",
       "Account 'By password': Connecting to POP3 server: pop.b:995...\n", "POP> PASS ********\n",
       "POP< +OK\n", "Account 'Other': Connecting to POP3 server: pop.c:995...\n",
       "POP> AUTH XOAUTH2  ********\n", "POP< +OK Logged in.\n"});

  REQUIRE(found.size() == 2);
  CHECK(found[0].account == "An SMTP and IMAP one");
  CHECK(found[0].server == "pop.a");
  CHECK_FALSE(found[0].accepted);
  CHECK(found[1].account == "Other");
  CHECK(found[1].server == "pop.c");
  CHECK(found[1].accepted);
}

TEST_CASE("a POP3 session that broke off says nothing of the next one", "[claws][feedback]") {
  CHECK(verdicts({"POP> AUTH XOAUTH2  ********\n",
                  "Account 'Other': Connecting to POP3 server: pop.c:995...\n", "POP< +OK ready\n"})
            .empty());
}

TEST_CASE("an SMTP session that broke off says nothing of the next one", "[claws][feedback]") {
  CHECK(verdicts({"ESMTP> [AUTH XOAUTH2]\n", "ESMTP> EHLO alice.c.test\n",
                  "ESMTP< 504 5.5.4 Unrecognized command\n"})
            .empty());
}

TEST_CASE("a refusal that no token mends is told apart, in the server's words",
          "[claws][feedback]") {
  const auto [lines, said] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"ESMTP> [AUTH XOAUTH2]\n",
        "ESMTP< 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for "
        "the Mailbox.\n"},
       "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
       "Mailbox."},
      {{kLogin, "IMAP< Your account is not enabled for IMAP use.\n",
        "IMAP< Error logging in to mail.c.test\n"},
       "Your account is not enabled for IMAP use."},
      {{kLogin, "IMAP< 2 NO IMAP is disabled for this mailbox\n",
        "IMAP< Error logging in to mail.c.test\n"},
       "IMAP is disabled for this mailbox"},
      {{"POP> AUTH XOAUTH2  ********\n", "POP< -ERR POP is disabled for this mailbox\n"},
       "POP is disabled for this mailbox"},
  }));

  const auto found = verdicts(lines);

  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].accepted);
  CHECK_FALSE(found[0].doubtful);
  CHECK_FALSE(found[0].after_login);
  CHECK(found[0].said == said);
}

TEST_CASE("a mailbox that does not open after the login", "[claws][feedback]") {
  const auto found = verdicts({kLogin, "IMAP< Login to mail.c.test successful\n",
                               "IMAP< 3 BAD User is authenticated but not connected.\n"});

  REQUIRE(found.size() == 2);
  CHECK(found[0].accepted);
  CHECK_FALSE(found[1].accepted);
  CHECK(found[1].after_login);
  CHECK(found[1].user == "alice@c.test");
  CHECK(found[1].said == "User is authenticated but not connected.");
}

TEST_CASE("a sender that is not permitted after the login", "[claws][feedback]") {
  const std::vector<std::string> login = {"ESMTP> [AUTH XOAUTH2]\n",
                                          "ESMTP< 235 2.7.0 Authentication successful\n"};
  auto lines = login;
  lines.insert(
      lines.end(),
      {"ESMTP> MAIL FROM:<team@c.test>\n", "SMTP< 250 2.1.0 Sender OK\n", "SMTP> . (EOM)\n",
       "SMTP< 554 5.2.252 SendAsDenied; alice not allowed to send as team\n"});

  const auto found = verdicts(lines);

  REQUIRE(found.size() == 2);
  CHECK(found[1].after_login);
  CHECK_FALSE(found[1].accepted);
  CHECK(found[1].number == 554);
  CHECK(found[1].said == "5.2.252 SendAsDenied; alice not allowed to send as team");
}

TEST_CASE("a message that goes out, and a recipient who does not exist", "[claws][feedback]") {
  const auto found =
      verdicts({"ESMTP> [AUTH XOAUTH2]\n", "ESMTP< 235 2.7.0 Authentication successful\n",
                "SMTP> RCPT TO:<nobody@c.test>\n", "SMTP< 550 5.1.1 User unknown\n",
                "SMTP> . (EOM)\n", "SMTP< 250 2.0.0 OK\n", "SMTP> QUIT\n"});

  REQUIRE(found.size() == 2);
  CHECK(found[1].after_login);
  CHECK(found[1].accepted);
}
