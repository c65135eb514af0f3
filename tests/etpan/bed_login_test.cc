// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logins over TLS, against Dovecot and against the bed's scripted servers. Runs under
// tests/bed/bed.py.
#include <libetpan/libetpan.h>

#include "bed_client.h"
#include "crypto/digest.h"
#include "etpan/login.h"
#include "etpan/start_tls.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;
using etpan::Mechanism;

namespace {

const std::string kAlice = "alice@contoso.test";
const std::string kSupport = "support@contoso.test";

/// Neither the token nor any part of it in base64 is in the log of libetpan.
void check_unlogged(const std::string& token) {
  CHECK(WireLog::text().find(token) == std::string::npos);
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const auto encoded = crypto::base64(std::string_view(token).substr(shift, 30));
    REQUIRE(encoded);
    CHECK(WireLog::text().find(encoded->reveal()) == std::string::npos);
  }
  CHECK_FALSE(WireLog::text().empty());  // it was listening
}

struct StaleThenFresh {
  StaleThenFresh() {
    list.next.push_back(bed_token(kAlice));
    bed("expire_tokens");
    list.next.push_back(bed_token(kAlice));
  }
  TokenList list;
};

}  // namespace

TEST_CASE("tokens of every length sign in at Dovecot, unlogged", "[etpan][bed]") {
  const int bytes = GENERATE(40, 2500, 6000);
  const auto mechanism = GENERATE(Mechanism::kXoauth2, Mechanism::kOauthbearer);
  CAPTURE(bytes, etpan::mechanism_name(mechanism));
  TokenList list;
  list.next = {bed_token(kAlice, bytes)};
  REQUIRE(list.next.front().size() == static_cast<std::size_t>(bytes));
  const WireLog log;
  const auto sign_in = [&](auto* session, int port) {
    auto login = bed_login(kAlice, list, port);
    login.preference = {mechanism};
    const auto done = etpan::login(session, login);
    return done && *done == mechanism;
  };

  const auto imap = imap_tls(bed_port("BED_IMAP_PORT"));
  CHECK(sign_in(imap.get(), bed_port("BED_IMAP_PORT")));
  CHECK(mailimap_select(imap.get(), "INBOX") == MAILIMAP_NO_ERROR);

  const auto pop = pop_tls(bed_port("BED_POP_PORT"));
  CHECK(sign_in(pop.get(), bed_port("BED_POP_PORT")));
  mailpop3_stat_response* stat = nullptr;
  CHECK(mailpop3_stat(pop.get(), &stat) == MAILPOP3_NO_ERROR);
  if (stat) mailpop3_stat_resp_free(stat);

  for (const char* name : {"BED_SMTP_PORT", "BED_SMTP_WIDE_PORT"}) {
    const auto smtp = smtp_tls(bed_port(name));
    CHECK(sign_in(smtp.get(), bed_port(name)));
    CHECK(mailsmtp_mail(smtp.get(), kAlice.c_str()) == MAILSMTP_NO_ERROR);
    CHECK(mailsmtp_reset(smtp.get()) == MAILSMTP_NO_ERROR);
  }
  check_unlogged(list.next.front());
}

TEST_CASE("STARTTLS and login on all three", "[etpan][bed]") {
  TokenList list;
  list.next = {bed_token(kAlice)};
  const WireLog log;
  const auto sign_in = [&](auto session, int port) {
    const auto begun = etpan::start_tls(session.get(), "localhost");
    return begun && etpan::login(session.get(), bed_login(kAlice, list, port));
  };
  const int imap = bed_port("BED_IMAP_STARTTLS_PORT");
  const int pop = bed_port("BED_POP_STARTTLS_PORT");
  const int smtp = bed_port("BED_SMTP_STARTTLS_PORT");
  CHECK(sign_in(imap_to(imap), imap));
  CHECK(sign_in(pop_to(pop), pop));
  CHECK(sign_in(smtp_to(smtp), smtp));
  check_unlogged(list.next.front());
}

// Each command costs a round trip, and libetpan's tag counts them.
TEST_CASE("an IMAP login takes one command, and three with STARTTLS", "[etpan][bed]") {
  TokenList list;
  list.next = {bed_token(kAlice)};
  const auto commands = [&](auto session, int port, bool starttls) {
    // The point of the second case: the words before TLS name a sign-in, and are not believed.
    REQUIRE(session->imap_connection_info->imap_capability);
    if (starttls) REQUIRE(etpan::start_tls(session.get(), "localhost"));
    auto login = bed_login(kAlice, list, port);
    login.probe = false;
    REQUIRE(etpan::login(session.get(), login));
    return session->imap_tag;
  };

  const int tls = bed_port("BED_IMAP_PORT");
  CHECK(commands(imap_tls(tls), tls, false) == 1);
  const int plain = bed_port("BED_IMAP_STARTTLS_PORT");
  CHECK(commands(imap_to(plain), plain, true) == 3);
}

TEST_CASE("an expired token is replaced on the same connection", "[etpan][bed]") {
  const auto mechanism = GENERATE(Mechanism::kXoauth2, Mechanism::kOauthbearer);
  const auto sign_in = [&](auto session, int port) {
    StaleThenFresh tokens;
    const std::string stale = tokens.list.next.front();
    const std::string fresh = tokens.list.next.back();
    const WireLog log;
    auto login = bed_login(kAlice, tokens.list, port);
    login.preference = {mechanism};
    const auto done = etpan::login(session.get(), login);
    if (!done) WARN(done.error().what);
    CHECK(tokens.list.refused.size() == 1);
    check_unlogged(stale);
    check_unlogged(fresh);
    return done.has_value();
  };
  CHECK(sign_in(imap_tls(bed_port("BED_IMAP_PORT")), bed_port("BED_IMAP_PORT")));
  CHECK(sign_in(pop_tls(bed_port("BED_POP_PORT")), bed_port("BED_POP_PORT")));
  CHECK(sign_in(smtp_tls(bed_port("BED_SMTP_PORT")), bed_port("BED_SMTP_PORT")));
}

TEST_CASE("a shared mailbox opens for its delegate only", "[etpan][bed]") {
  TokenList alice;
  alice.next = {bed_token(kAlice)};
  const int port = bed_port("BED_IMAP_PORT");
  const auto delegate = imap_tls(port);
  CHECK(etpan::login(delegate.get(), bed_login(kSupport, alice, port)));

  TokenList bob;
  bob.next = {bed_token("bob@contoso.test")};
  const auto other = imap_tls(port);
  const auto refused = etpan::login(other.get(), bed_login(kSupport, bob, port));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::kRefused);
  CHECK(refused.error().code == "AUTHENTICATIONFAILED");
  CHECK(refused.error().what.find(kSupport) != std::string::npos);
}

// Dovecot 2.3 says that it is for later; 2.4.1 calls it a failed authentication, after a challenge
// that says more.
TEST_CASE("a server that cannot ask for its verdict is tried again later", "[etpan][bed]") {
  TokenList list;
  list.next = {bed_token(kAlice)};
  bed("set", R"({"judge_down":true})");
  const auto kind = [&](auto session, int port) {
    const auto done = etpan::login(session.get(), bed_login(kAlice, list, port));
    return done ? Error::Kind::kInternal : done.error().kind;
  };
  const auto later = Error::Kind::kTransient;
  CHECK(kind(imap_tls(bed_port("BED_IMAP_PORT")), bed_port("BED_IMAP_PORT")) == later);
  CHECK(kind(pop_tls(bed_port("BED_POP_PORT")), bed_port("BED_POP_PORT")) == later);
  CHECK(kind(smtp_tls(bed_port("BED_SMTP_PORT")), bed_port("BED_SMTP_PORT")) == later);
  bed("set", R"({"judge_down":false})");
  CHECK(list.refused.empty());
}

TEST_CASE("a bad certificate stops the login before a token is asked for", "[etpan][bed]") {
  const auto certificate = GENERATE(as<std::string>{}, "wrong-name", "expired", "self-signed");
  CAPTURE(certificate);
  TokenList list;
  list.next = {"never sent"};
  const auto refused = [&](auto session, int port) {
    const auto done = etpan::login(session.get(), bed_login(kAlice, list, port));
    return !done && done.error().kind == Error::Kind::kTransient &&
           done.error().code == "certificate" && bed_received(port).empty();
  };
  const int imap = bed_scripted("imap-ok", "tls", certificate);
  CHECK(refused(imap_tls(imap), imap));
  const int pop = bed_scripted("pop-ok", "tls", certificate);
  CHECK(refused(pop_tls(pop), pop));
  const int smtp = bed_scripted("smtp-ok", "tls", certificate);
  CHECK(refused(smtp_tls(smtp), smtp));
  CHECK(list.asked == 0);

  const int upgraded = bed_scripted("imap-ok", "starttls", certificate);
  const auto session = imap_to(upgraded);
  REQUIRE(etpan::start_tls(session.get()));
  const auto done = etpan::login(session.get(), bed_login(kAlice, list, upgraded));
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "certificate");
  CHECK(list.asked == 0);
}

TEST_CASE("tokens longer than any server's arrive whole", "[etpan][bed]") {
  const std::size_t bytes = GENERATE(8000u, 60000u);
  const auto mechanism = GENERATE(Mechanism::kXoauth2, Mechanism::kOauthbearer);
  const std::string name(etpan::mechanism_name(mechanism));
  const std::string variant = mechanism == Mechanism::kOauthbearer ? "-bearer" : "";
  CAPTURE(bytes, name);
  const std::string token(bytes, 'k');
  TokenList list;
  list.next = {token};
  const auto encoded = [&](int port) {
    const auto response =
        etpan::encoded_response(mechanism, {kAlice, "localhost", port}, AccessToken(Secret(token)));
    return response ? std::string(response->reveal()) : std::string("none");
  };
  const auto sign_in = [&](auto session, int port) {
    auto login = bed_login(kAlice, list, port);
    login.preference = {mechanism};
    return etpan::login(session.get(), login).has_value();
  };
  const WireLog log;

  const int imap = bed_scripted("imap-ok" + variant);
  CHECK(sign_in(imap_tls(imap), imap));
  CHECK(bed_received(imap).at(1) == "2 AUTHENTICATE " + name + " " + encoded(imap));
  const int pop = bed_scripted("pop-ok" + variant);
  CHECK(sign_in(pop_tls(pop), pop));
  CHECK(bed_received(pop).at(2) == encoded(pop));
  const int smtp = bed_scripted("smtp-ok" + variant);
  CHECK(sign_in(smtp_tls(smtp), smtp));
  CHECK(bed_received(smtp).at(2) == encoded(smtp));
  check_unlogged(token);
}

TEST_CASE("Exchange Online's refusals are in its own words", "[etpan][bed]") {
  TokenList list;
  list.next = {"one", "two"};
  const auto refusal = [&](auto session, int port) {
    const auto done = etpan::login(session.get(), bed_login(kAlice, list, port));
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == Error::Kind::kRefused);
    return done.error().what;
  };
  const int imap = bed_scripted("imap-no");
  CHECK(refusal(imap_tls(imap), imap).find("AUTHENTICATE failed.") != std::string::npos);
  const int pop = bed_scripted("pop-err");
  CHECK(refusal(pop_tls(pop), pop).find("unknown user name or bad password") != std::string::npos);
  const int smtp = bed_scripted("smtp-535");
  CHECK(refusal(smtp_tls(smtp), smtp).find("5.7.3 Authentication unsuccessful") !=
        std::string::npos);
}

TEST_CASE("a session that idles outlives its token", "[etpan][bed]") {
  TokenList list;
  list.next = {bed_token(kAlice)};
  const int port = bed_port("BED_IMAP_PORT");
  const auto session = imap_tls(port);
  REQUIRE(etpan::login(session.get(), bed_login(kAlice, list, port)));
  REQUIRE(mailimap_select(session.get(), "INBOX") == MAILIMAP_NO_ERROR);
  REQUIRE(mailimap_idle(session.get()) == MAILIMAP_NO_ERROR);

  bed("expire_tokens");
  bed("deliver", R"({"mailbox":"alice@contoso.test","subject":"while idle"})");
  REQUIRE(mailstream_setup_idle(session->imap_stream) == 0);
  CHECK(mailstream_wait_idle(session->imap_stream, 30) == MAILSTREAM_IDLE_HASDATA);
  mailstream_unsetup_idle(session->imap_stream);
  CHECK(mailimap_idle_done(session.get()) == MAILIMAP_NO_ERROR);
  CHECK(mailimap_noop(session.get()) == MAILIMAP_NO_ERROR);

  list.next.push_back(bed_token(kAlice));
  const auto another = imap_tls(port);
  CHECK(etpan::login(another.get(), bed_login(kAlice, list, port)));
  CHECK(list.refused.size() == 1);
}
