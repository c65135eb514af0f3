// SPDX-License-Identifier: GPL-3.0-or-later
//
// What needs no certificate; the rest of a probe is in tests/cli/check_test.py.
#include "etpan/etpan_mail_probe.h"
#include "scripted_mail.h"
#include "support/catch.h"
#include "support/loop.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// Nobody is signed in.
MailProbeTarget target_at(Protocol protocol, int port) {
  MailProbeTarget target;
  target.protocol = protocol;
  target.provider.servers[protocol] = {"127.0.0.1", port, TlsMode::kStartTls};
  target.user = "alice@contoso.test";
  return target;
}

Result<MailFinding> walked(MailProbe& probe, MailLink link) {
  auto answer = test::answer_of<MailFinding>(
      [&](Done<MailFinding> done) { return probe.walk(link, std::move(done)); });
  REQUIRE(answer);
  return std::move(*answer);
}

}  // namespace

TEST_CASE("a server that nobody runs is not reachable", "[etpan][probe]") {
  int port = 0;
  {
    const ScriptedMail gone({});
    port = gone.port();
  }
  etpan::EtpanMailProbe probe(target_at(Protocol::kImap, port));

  const auto found = walked(probe, MailLink::kConnect);

  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Error::Kind::kTransient);
  CHECK(found.error().what.find(std::to_string(port)) != std::string::npos);
}

TEST_CASE("a greeting is told in its words, a refusing one too", "[etpan][probe]") {
  const auto [protocol, line, holds, words] =
      GENERATE(table<Protocol, std::string, bool, std::string>({
          {Protocol::kImap, "* OK [CAPABILITY IMAP4rev1] Hello there\r\n", true, "Hello there"},
          {Protocol::kImap, "* BYE Too many connections\r\n", false, "Too many connections"},
          {Protocol::kImap, "* PREAUTH Come in\r\n", false, "IMAP"},
          {Protocol::kPop, "+OK Hello\r\n", true, "Hello"},
          {Protocol::kPop, "-ERR Not today\r\n", false, "Not today"},
          {Protocol::kSmtp, "220 mx ready\r\n", true, "mx ready"},
          {Protocol::kSmtp, "554 No service\r\n", false, "No service"},
          {Protocol::kSmtp, "", false, "connection"},
      }));
  CAPTURE(line);
  ScriptedMail server({send(line)});
  etpan::EtpanMailProbe probe(target_at(protocol, server.port()));
  REQUIRE(walked(probe, MailLink::kConnect));

  const auto found = walked(probe, MailLink::kGreeting);

  CHECK(found.has_value() == holds);
  const std::string text = found ? found->words : found.error().what;
  CHECK(text.find(words) != std::string::npos);
}

TEST_CASE("nobody is signed in: the probe goes on up to the login, and sends none",
          "[etpan][probe]") {
  ScriptedMail server({send("+OK Hello\r\n")});
  etpan::EtpanMailProbe probe(target_at(Protocol::kPop, server.port()));
  REQUIRE(walked(probe, MailLink::kConnect));
  REQUIRE(walked(probe, MailLink::kGreeting));

  const auto found = walked(probe, MailLink::kLogin);

  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Error::Kind::kInternal);
}

TEST_CASE("dropping the call ends the wait for a silent server", "[etpan][probe]") {
  ScriptedMail server({expect("nothing ever")});
  bool answered = false;
  {
    etpan::EtpanMailProbe probe(target_at(Protocol::kPop, server.port()));
    REQUIRE(walked(probe, MailLink::kConnect));
    {
      const Call call =
          probe.walk(MailLink::kGreeting, [&](Result<MailFinding>) { answered = true; });
    }
    test::run_ready();
  }
  test::run_ready();
  CHECK_FALSE(answered);
}

// As in a login, but for what libetpan reads itself: greeting, sender, message, goodbye. Nobody
// signs in between on this way.
TEST_CASE("a mail server that drips without an end holds no probe", "[etpan][probe]") {
  const auto held = [](Protocol protocol, const std::vector<MailLink>& links,
                       const Script& script) {
    ScriptedMail server(script);
    auto target = target_at(protocol, server.port());
    target.sender = target.recipient = target.user;
    std::string outcome = "went on";
    {
      etpan::EtpanMailProbe probe(target, std::chrono::seconds(1));
      for (const MailLink link : links) {
        const auto found = walked(probe, link);
        if (!found) outcome = link == links.back() ? found.error().code : "too early";
        if (!found) break;
      }
    }
    std::size_t expected = 0;
    for (const Step& step : script) expected += step.verb == Step::Verb::kExpect;
    return server.finish().size() == expected ? outcome : "another dialogue";
  };
  const std::vector<MailLink> greeting = {MailLink::kConnect, MailLink::kGreeting};
  const std::vector<MailLink> sender = {MailLink::kConnect, MailLink::kGreeting,
                                        MailLink::kMailbox};
  const std::vector<MailLink> message = {MailLink::kConnect, MailLink::kGreeting,
                                         MailLink::kMessage};
  const Step hello = send("220 Hello\r\n"), from = expect("MAIL FROM:{any}"),
             yes = send("250 ok\r\n");

  CHECK(held(Protocol::kImap, greeting, {drip("* ")}) == "connection");
  CHECK(held(Protocol::kPop, greeting, {drip("+")}) == "connection");
  CHECK(held(Protocol::kSmtp, greeting, {drip("220-x\r\n")}) == "connection");
  CHECK(held(Protocol::kSmtp, sender, {hello, from, drip("250-x\r\n")}) == "connection");
  CHECK(held(Protocol::kSmtp, sender, {hello, from, yes, expect("RSET"), drip("2")}) ==
        "connection");
  CHECK(held(Protocol::kSmtp, message,
             {hello, from, yes, expect("RCPT TO:{any}"), drip("250-x\r\n")}) == "connection");
  CHECK(held(Protocol::kPop, {MailLink::kConnect, MailLink::kGreeting, MailLink::kTls},
             {send("+OK Hello\r\n"), expect("STLS"), drip("+")}) == "connection");
  CHECK(held(Protocol::kImap, greeting,
             {send("* OK Hello\r\n"), expect("{tag} LOGOUT"), drip("* ")}) == "went on");
}
