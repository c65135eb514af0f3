// SPDX-License-Identifier: GPL-3.0-or-later
#include <libetpan/libetpan.h>

#include "base/source.h"
#include "etpan/login.h"
#include "scripted_mail.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using etpan::Mechanism;

namespace {

/// Greeting and capabilities, then the rest.
Script imap(const std::string& capabilities, const Script& rest) {
  Script script = {send("* OK ready\r\n"), expect("{tag} CAPABILITY"),
                   send("* CAPABILITY IMAP4rev1 " + capabilities + "\r\n{tag} OK done\r\n")};
  script.insert(script.end(), rest.begin(), rest.end());
  return script;
}

const Script kMailbox = {expect("{tag} LIST \"\" INBOX"),
                         send("* LIST () \"/\" INBOX\r\n{tag} OK done\r\n")};

Script with_mailbox(Script script) {
  script.insert(script.end(), kMailbox.begin(), kMailbox.end());
  return script;
}

/// Answers later, as a broker does; the refused token is followed by another one.
class LateSource : public TokenSource {
 public:
  Call token(GrantKey key, Protocol protocol, Done<AccessToken> done) override {
    asked.push_back(key.identity + " " + std::string(protocol_word(protocol)));
    auto answer = std::make_shared<Done<AccessToken>>(std::move(done));
    const std::string next = refused_ones.empty() ? "token-one" : "token-two";
    post(current_context().get(), [answer, next] {
      if (*answer) (*answer)(AccessToken(Secret(next)));
    });
    return Call([answer] { *answer = nullptr; });
  }
  void refused(const GrantKey&, std::string_view token) override {
    refused_ones.emplace_back(token);
  }

  std::vector<std::string> asked;
  std::vector<std::string> refused_ones;
};

using ImapRun = LoginRun<imap_to>;

std::string logged;

void log_all(int, const char* bytes, size_t size) { logged.append(bytes, size); }

}  // namespace

TEST_CASE("IMAP sends the response at once where SASL-IR is offered", "[etpan][imap]") {
  ImapRun run(imap("SASL-IR AUTH=PLAIN AUTH=XOAUTH2",
                   with_mailbox({expect("{tag} AUTHENTICATE XOAUTH2 " + kOne),
                                 send("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK Logged in\r\n")})));

  const auto done = run.login();

  REQUIRE(done);
  CHECK(*done == Mechanism::kXoauth2);
  CHECK(run.session->imap_state == MAILIMAP_STATE_AUTHENTICATED);
  CHECK(run.tokens.refused.empty());
  CHECK(mailimap_has_extension(run.session.get(), const_cast<char*>("IDLE")));
  CHECK_FALSE(mailimap_has_extension(run.session.get(), const_cast<char*>("SASL-IR")));
  CHECK(run.server.finish().back() == "3 LIST \"\" INBOX");
}

TEST_CASE("IMAP asks for no capabilities that the greeting told", "[etpan][imap]") {
  ImapRun run({send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=xoauth2] ready\r\n"),
               expect("{tag} AUTHENTICATE XOAUTH2 " + kOne), send("{tag} OK in\r\n"), kMailbox[0],
               kMailbox[1]});

  const auto done = run.login();

  REQUIRE(done);
  CHECK(*done == Mechanism::kXoauth2);
  CHECK(run.server.finish().size() == 2);
}

TEST_CASE("a greeting without SASL-IR is believed, too", "[etpan][imap]") {
  ImapRun run({send("* OK [CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER AUTH=XOAUTH2] ready\r\n"),
               expect("{tag} AUTHENTICATE XOAUTH2"), send("+ \r\n"), expect(kOne),
               send("1 OK in\r\n"), kMailbox[0], kMailbox[1]});

  CHECK(run.login());
  CHECK(run.server.finish().back() == "2 LIST \"\" INBOX");
}

TEST_CASE("IMAP asks where the greeting names no sign-in by token", "[etpan][imap]") {
  const auto told = GENERATE(as<std::string>{}, "IMAP4rev1 SASL-IR", "IMAP4rev1 AUTH=PLAIN",
                             "IMAP4rev1 AUTH=XOAUTH", "IMAP4rev1 XOAUTH2");
  CAPTURE(told);
  Script script =
      imap("SASL-IR AUTH=XOAUTH2",
           with_mailbox({expect("{tag} AUTHENTICATE XOAUTH2 " + kOne), send("{tag} OK in\r\n")}));
  script[0] = send("* OK [CAPABILITY " + told + "] ready\r\n");
  ImapRun run(script);

  CHECK(run.login());
  CHECK(run.server.finish().front() == "1 CAPABILITY");
}

// After STARTTLS, however the host did it, the greeting may have been an attacker's.
TEST_CASE("what the greeting told is not believed once a command was sent", "[etpan][imap]") {
  ImapRun run({send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=OAUTHBEARER] ready\r\n"),
               expect("{tag} NOOP"), send("{tag} OK done\r\n"), expect("{tag} CAPABILITY"),
               send("* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK done\r\n"),
               expect("{tag} AUTHENTICATE XOAUTH2 " + kOne), send("{tag} OK in\r\n"), kMailbox[0],
               kMailbox[1]});
  REQUIRE(mailimap_noop(run.session.get()) == MAILIMAP_NO_ERROR);

  const auto done = run.login();

  REQUIRE(done);
  CHECK(*done == Mechanism::kXoauth2);
  CHECK(run.server.finish().size() == 4);
}

TEST_CASE("IMAP waits for the continuation where SASL-IR is not offered", "[etpan][imap]") {
  const auto go_ahead = GENERATE(as<std::string>{}, "+ \r\n", "+\r\n", "* OK still here\r\n+ \r\n");
  ImapRun run(
      imap("AUTH=XOAUTH2", with_mailbox({expect("{tag} AUTHENTICATE XOAUTH2"), send(go_ahead),
                                         expect(kOne), send("2 OK [ALERT] in\r\n")})));

  REQUIRE(run.login());
  CHECK(run.server.finish()[2] == kOne);
}

TEST_CASE("libetpan goes on with the next tag after a login", "[etpan][imap]") {
  Script script = with_mailbox({expect("{tag} AUTHENTICATE {any}"), send("{tag} OK in\r\n")});
  script.push_back(expect("{tag} NOOP"));
  script.push_back(send("{tag} OK done\r\n"));
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2", script));

  REQUIRE(run.login());
  CHECK(mailimap_noop(run.session.get()) == MAILIMAP_NO_ERROR);
  CHECK(run.server.finish().back() == "4 NOOP");
}

TEST_CASE("a refused token is reported once and the next one tried on the same connection",
          "[etpan][imap]") {
  ImapRun run(
      imap("SASL-IR AUTH=XOAUTH2",
           with_mailbox({expect("{tag} AUTHENTICATE XOAUTH2 " + kOne), send("+ " + kStale + "\r\n"),
                         expect(""), send("2 NO [AUTHENTICATIONFAILED] no\r\n"),
                         expect("{tag} AUTHENTICATE XOAUTH2 " + kTwo), send("{tag} OK in\r\n")})),
      {"token-one", "token-two"});

  REQUIRE(run.login());
  CHECK(run.tokens.refused == std::vector<std::string>{"token-one"});
  CHECK(run.tokens.asked == 2);
}

TEST_CASE("Exchange Online's refusal without a challenge leads to a new token too",
          "[etpan][imap]") {
  ImapRun run(
      imap("SASL-IR AUTH=XOAUTH2",
           with_mailbox({expect("{tag} AUTHENTICATE {any}"),
                         send("{tag} NO AUTHENTICATE failed.\r\n"),
                         expect("{tag} AUTHENTICATE XOAUTH2 " + kTwo), send("{tag} OK in\r\n")})),
      {"token-one", "token-two"});

  REQUIRE(run.login());
  CHECK(run.tokens.refused.size() == 1);
}

TEST_CASE("a second refusal is final and has the server's words", "[etpan][imap]") {
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2",
                   {expect("{tag} AUTHENTICATE {any}"), send("{tag} NO first\r\n"),
                    expect("{tag} AUTHENTICATE {any}"),
                    send("{tag} NO [AUTHENTICATIONFAILED] Ask the postmaster\r\n")}),
              {"token-one", "token-two"});

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(done.error().code == "AUTHENTICATIONFAILED");
  CHECK(done.error().what.find("Ask the postmaster") != std::string::npos);
  CHECK(run.tokens.refused == std::vector<std::string>{"token-one"});
  CHECK(std::string(run.session->imap_response) == "Ask the postmaster");
  CHECK(run.session->imap_state == MAILIMAP_STATE_NON_AUTHENTICATED);
}

TEST_CASE("the same token again is not tried again", "[etpan][imap]") {
  ImapRun run(
      imap("SASL-IR AUTH=XOAUTH2", {expect("{tag} AUTHENTICATE {any}"), send("{tag} NO no\r\n")}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(run.tokens.asked == 2);
}

TEST_CASE("a token that the server echoes is not in libetpan's log", "[etpan][imap]") {
  logged.clear();
  mailstream_debug = 1;
  mailstream_logger = log_all;
  ImapRun run(
      imap("SASL-IR AUTH=XOAUTH2", {expect("{tag} AUTHENTICATE XOAUTH2 " + kOne),
                                    send("{tag} BAD What is AUTHENTICATE XOAUTH2 " + kOne + "\r\n"),
                                    expect("{tag} NOOP"), send("{tag} OK noop\r\n")}));

  CHECK_FALSE(run.login());
  CHECK(mailimap_noop(run.session.get()) == MAILIMAP_NO_ERROR);

  CHECK(mailstream_debug == 1);
  mailstream_debug = 0;
  mailstream_logger = nullptr;
  CHECK(logged.find("CAPABILITY") != std::string::npos);
  CHECK(logged.find("NOOP") != std::string::npos);
  CHECK(logged.find(kOne) == std::string::npos);
}

TEST_CASE("no new token is asked for where none helps", "[etpan][imap]") {
  const auto [answer, kind] = GENERATE(table<std::string, Error::Kind>({
      {"{tag} NO [UNAVAILABLE] later\r\n", Error::Kind::kTransient},
      {"{tag} NO [AUTHORIZATIONFAILED] not yours\r\n", Error::Kind::kRefused},
      {"{tag} BAD syntax\r\n", Error::Kind::kRefused},
      {"* BYE shutting down\r\n", Error::Kind::kTransient},
      {"99 OK another's tag\r\n", Error::Kind::kProtocol},
      {"garbage\r\n", Error::Kind::kProtocol},
      {"", Error::Kind::kTransient},
  }));
  CAPTURE(answer);
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2", {expect("{tag} AUTHENTICATE {any}"), send(answer)}),
              {"token-one", "token-two"});

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == kind);
  CHECK(run.tokens.refused.empty());
  CHECK(run.tokens.asked == 1);
}

TEST_CASE("a server that hangs up on a refused token gets the new one next time", "[etpan][imap]") {
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2",
                   {expect("{tag} AUTHENTICATE {any}"), send("{tag} NO stale\r\n")}),
              {"token-one", "token-two"});

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kTransient);
  CHECK(done.error().what.find("stale") != std::string::npos);
  CHECK(run.tokens.refused.size() == 1);
}

TEST_CASE("OAUTHBEARER is answered with AQ== when it is refused", "[etpan][imap]") {
  // {"status":"invalid_token","scope":"mail"}
  ImapRun run(imap("SASL-IR AUTH=OAUTHBEARER",
                   {expect("{tag} AUTHENTICATE OAUTHBEARER {any}"),
                    send("+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJtYWlsIn0=\r\n"),
                    expect("AQ=="), send("2 NO no\r\n")}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(done.error().code == "invalid_token");
  CHECK(done.error().what.find("mail") != std::string::npos);
  CHECK(run.server.finish().back() == "AQ==");
}

TEST_CASE("a server without a mechanism of ours is refused before a token is asked for",
          "[etpan][imap]") {
  ImapRun run(imap("AUTH=PLAIN", {}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(done.error().code == "no-mechanism");
  CHECK(run.tokens.asked == 0);
}

TEST_CASE("authenticated but not connected is seen by the probe", "[etpan][imap]") {
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2",
                   {expect("{tag} AUTHENTICATE {any}"),
                    send("{tag} OK AUTHENTICATE completed.\r\n"), expect("{tag} LIST \"\" INBOX"),
                    send("{tag} BAD User is authenticated but not connected.\r\n")}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kRefused);
  CHECK(done.error().code == "not-connected");
  CHECK(run.tokens.refused.empty());
}

TEST_CASE("the probe can be left out", "[etpan][imap]") {
  ImapRun run(
      imap("SASL-IR AUTH=XOAUTH2", {expect("{tag} AUTHENTICATE {any}"), send("{tag} OK in\r\n")}));
  auto login = plain_login(run.tokens);
  login.probe = false;

  CHECK(etpan::login(run.session.get(), login));
}

TEST_CASE("what the source of tokens says is passed on", "[etpan][imap]") {
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2", {}));
  auto login = plain_login(run.tokens);
  login.tokens.current = [] { return make_error(Error::Kind::kReauthorize, "sign in again"); };

  const auto done = etpan::login(run.session.get(), login);

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kReauthorize);
  CHECK(run.server.finish().size() == 1);
}

TEST_CASE("an unusable user sends nothing", "[etpan][imap]") {
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2", {}));
  auto login = plain_login(run.tokens);
  login.user = "alice\1auth=Bearer mallory";

  const auto done = etpan::login(run.session.get(), login);

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kConfig);
  CHECK(run.server.finish().size() == 1);
}

TEST_CASE("IMAP signs in where the server writes the name of the mailbox as a literal",
          "[etpan][imap]") {
  const auto listed = GENERATE(
      as<std::string>{}, "* LIST () \"/\" {5}\r\nINBOX\r\n",
      "* LIST () {1}\r\n/ {5}\r\nINBOX\r\n",                   // the delimiter, too
      "* LIST () \"/\" {0}\r\n\r\n",                           // an empty one
      "* LIST () \"/\" {14}\r\nA1 NO\r\n* BYE\r\n\r\n",        // lines within it are none
      "* LIST () \"/\" {5}\r\nINBOX (\"X\" {4}\r\na{1})\r\n",  // RFC 5258, with more behind
      "* OK it may look like one {5}\r\n");                    // text is none
  CAPTURE(listed);
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2",
                   {expect("{tag} AUTHENTICATE XOAUTH2 " + kOne), send("{tag} OK in\r\n"),
                    kMailbox[0], send(listed + "{tag} OK done\r\n")}));

  REQUIRE(run.login());
  CHECK(run.session->imap_state == MAILIMAP_STATE_AUTHENTICATED);
}

TEST_CASE("a literal that is no name, or never comes, fails the login", "[etpan][imap]") {
  const auto [listed, kind] = GENERATE(table<std::string, Error::Kind>({
      {"* LIST () \"/\" {65537}\r\n", Error::Kind::kProtocol},
      {"* LIST () \"/\" {5}\r\nIN", Error::Kind::kTransient},
      {"* LIST () \"/\" {5}\r\nINBOX", Error::Kind::kTransient},
  }));
  CAPTURE(listed);
  ImapRun run(imap("SASL-IR AUTH=XOAUTH2",
                   {expect("{tag} AUTHENTICATE XOAUTH2 " + kOne), send("{tag} OK in\r\n"),
                    kMailbox[0], send(listed), hang_up()}));

  const auto done = run.login();

  REQUIRE_FALSE(done);
  CHECK(done.error().kind == kind);
}

TEST_CASE("a session that is not connected, or signed in already, is refused", "[etpan][imap]") {
  TokenList tokens;
  const ImapPtr fresh(mailimap_new(0, nullptr));
  const auto unconnected = etpan::login(fresh.get(), plain_login(tokens));
  REQUIRE_FALSE(unconnected);
  CHECK(unconnected.error().kind == Error::Kind::kConfig);

  ImapRun run({send("* PREAUTH welcome\r\n")});
  const auto done = run.login();
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::kConfig);
  CHECK(run.tokens.asked == 0);
}

TEST_CASE("a token source is asked, told of the refusal, and asked again", "[etpan][imap]") {
  ImapRun run(
      imap("SASL-IR AUTH=XOAUTH2",
           with_mailbox({expect("{tag} AUTHENTICATE XOAUTH2 " + kOne), send("{tag} NO no\r\n"),
                         expect("{tag} AUTHENTICATE XOAUTH2 " + kTwo), send("{tag} OK in\r\n")})));
  LateSource source;
  auto login = plain_login(run.tokens);
  login.tokens =
      etpan::tokens_of(source, grant_key({"bed", "id", ""}, "alice@contoso.test"), Protocol::kImap);

  REQUIRE(etpan::login(run.session.get(), login));
  CHECK(source.asked == std::vector<std::string>(2, "alice@contoso.test imap"));
  CHECK(source.refused_ones == std::vector<std::string>{"token-one"});
}
