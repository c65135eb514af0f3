// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/renewal.h"

#include "broker/bench.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

Error offline() { return make_error(Error::Kind::kTransient, "no network", "offline"); }

}  // namespace

TEST_CASE("an expired token is renewed with full mail scopes", "[broker][renewal]") {
  Expired bench;
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  CHECK(bench.token() == "A2");

  REQUIRE(bench.http.seen.size() == 1);
  CHECK(bench.http.seen[0].method == HttpRequest::Method::kPost);
  CHECK(bench.http.seen[0].url == kTokenEndpoint);
  const std::string& body = bench.http.seen[0].body;
  CHECK(body.find("grant_type=refresh_token") != std::string::npos);
  CHECK(body.find("refresh_token=R1") != std::string::npos);
  CHECK(body.find("client_id=client-1") != std::string::npos);
  CHECK(body.find("scope=https%3A%2F%2Fmail.test%2FIMAP%20https%3A%2F%2Fmail.test%2FSMTP"
                  "%20offline_access") != std::string::npos);
  CHECK(body.find("client_secret") == std::string::npos);
}

TEST_CASE("after a renewal that answers for somebody else the old token is not sent again",
          "[broker][renewal]") {
  Bench bench;
  Grant alice = bench.grant("A1", -5min);
  alice.subject = "s-alice";
  bench.store.put(alice);
  Provider naming = contoso();
  naming.identity_claims = {"email"};
  bench.provider = naming;
  bench.start();
  // {"aud":"client-1","iss":"https://login.contoso.test/t1","sub":"s-mallory"}
  const std::string foreign =
      R"("id_token":"e30.eyJhdWQiOiJjbGllbnQtMSIsImlzcyI6Imh0dHBzOi8vbG9naW4uY29udG9zby50ZXN0L3Qx)"
      R"(Iiwic3ViIjoicy1tYWxsb3J5In0.",)";
  bench.http.answer(200, "{" + foreign + Bench::tokens("A2", "R2").substr(1));
  bench.http.answer(200, Bench::tokens("A3", "R3"));

  CHECK(bench.token() == "reauthorize/other-subject");
  CHECK(bench.items->grants[kAlice].refresh_token.reveal() == "R1");
  CHECK(bench.items->grants[kAlice].ended());
  CHECK(bench.heard == std::vector<std::string>{"needs sign-in other-subject"});
  bench.clock.advance(2h);
  CHECK(bench.token() == "reauthorize/other-subject");
  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("a renewed name alone costs no rotated refresh token", "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));  // An older version's: no subject.
  Provider naming = contoso();
  naming.identity_claims = {"email"};
  bench.provider = naming;
  bench.start();
  // {"aud":"client-1","iss":"https://login.contoso.test/t1","sub":"s-1","email":"alice.b@contoso.test"}
  const std::string renamed =
      R"("id_token":"e30.eyJhdWQiOiJjbGllbnQtMSIsImlzcyI6Imh0dHBzOi8vbG9naW4uY29udG9zby50ZX)"
      R"(N0L3QxIiwic3ViIjoicy0xIiwiZW1haWwiOiJhbGljZS5iQGNvbnRvc28udGVzdCJ9.",)";
  bench.http.answer(200, "{" + renamed + Bench::tokens("A2", "R2").substr(1));

  CHECK(bench.token() == "A2");
  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("a client that authenticates in the header does so at renewals, too",
          "[broker][renewal]") {
  Bench bench;
  Grant alice = bench.grant("A1", -5min);
  alice.client_secret_basic = true;
  bench.store.put(alice);
  bench.items->secrets[kAlice.client] = ClientSecret(Secret("s3cret"));
  Provider optional = contoso();
  optional.client_secret = Presence::kOptional;
  optional.ca_file = "/etc/own.pem";
  bench.provider = optional;
  bench.start();
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  CHECK(bench.token() == "A2");

  CHECK(bench.http.seen[0].authorization == "Basic Y2xpZW50LTE6czNjcmV0");  // client-1:s3cret
  CHECK(bench.http.seen[0].body.find("s3cret") == std::string::npos);
  CHECK(bench.http.seen[0].ca_file == "/etc/own.pem");
}

TEST_CASE("a token with seconds left counts as expired", "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 9s));
  bench.start();
  bench.http.answer(200, Bench::tokens("A2"));

  CHECK(bench.token() == "A2");
}

TEST_CASE("a token of one second is handed to who waited for it", "[broker][renewal]") {
  Expired bench;
  bench.http.answer(200, Bench::tokens("A2", "R2", 1));
  CHECK(bench.token() == "A2");

  bench.http.answer(200, Bench::tokens("A3", "R3", 1));
  CHECK(bench.token() == "A3");
}

TEST_CASE("I1: later callers wait for the renewal in flight", "[broker][renewal][I1]") {
  Expired bench;
  const auto first = bench.ask();
  run_until_quiet();
  const auto second = bench.ask(Protocol::kSmtp);
  run_until_quiet();
  REQUIRE(bench.http.open() == 1);

  bench.http.answer(200, Bench::tokens("A2", "R2"));
  run_until_quiet();

  CHECK(Bench::said(*first) == "A2");
  CHECK(Bench::said(*second) == "A2");
  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("I1: one who gives up waiting does not end it for the others", "[broker][renewal][I1]") {
  Expired bench;
  const auto first = bench.ask();
  const auto second = bench.ask();
  run_until_quiet();

  first->call.cancel();
  bench.http.answer(200, Bench::tokens("A2"));
  run_until_quiet();

  CHECK_FALSE(first->answered());
  CHECK(Bench::said(*second) == "A2");
}

TEST_CASE("I1: what another process renewed is used without asking", "[broker][renewal][I1]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 5min));
  bench.start();
  REQUIRE(bench.token() == "A1");

  bench.clock.advance(6min);
  bench.store.put(bench.grant("A2", 1h, "R2"));

  CHECK(bench.token() == "A2");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("I1: another process's refresh token is used where its access token is old too",
          "[broker][renewal][I1]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 5min));
  bench.start();
  REQUIRE(bench.token() == "A1");

  bench.clock.advance(6min);
  bench.store.put(bench.grant("A2", -1s, "R2"));
  bench.http.answer(200, Bench::tokens("A3"));

  CHECK(bench.token() == "A3");
  CHECK(bench.http.seen[0].body.find("refresh_token=R2") != std::string::npos);
}

TEST_CASE("another process signed out: sign in", "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 5min));
  bench.start();
  REQUIRE(bench.token() == "A1");

  bench.clock.advance(6min);
  bench.items->grants.clear();

  CHECK(bench.token() == "reauthorize/no-grant");
}

TEST_CASE("I2: a rotated refresh token is stored before its access token is handed out",
          "[broker][renewal][I2]") {
  Expired bench;
  const auto asked = bench.ask();
  bool handed_out_before = true;
  bench.quiet_store.on_save = [&] { handed_out_before = asked->answered(); };
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  run_until_quiet();

  CHECK(Bench::said(*asked) == "A2");
  CHECK_FALSE(handed_out_before);
  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("I2: a command or a library asks for nothing that its store would not take",
          "[broker][I2]") {
  Expired bench;
  bench.proves_store = true;
  bench.keeps_quiet = GENERATE(false, true);  // as in a command, as in a library
  bench.start();
  MemoryStore& store = bench.keeps_quiet ? bench.quiet_store : bench.store;
  store.save_fails = MemoryStore::locked();

  CHECK(bench.token() == "storage/locked");
  CHECK(bench.http.seen.empty());
  CHECK(store.count("save") == 0);  // the grant is not touched

  store.save_fails.reset();
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  CHECK(bench.token() == "A2");
  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("I2: a store that is not proved in time is asked nothing more", "[broker][I2]") {
  Expired bench;
  bench.proves_store = true;
  bench.keeps_quiet = false;
  bench.start();
  bench.store.silent_at = "prove place";
  const auto asked = bench.ask();
  run_until_quiet();
  bench.clock.advance(15s);

  CHECK(Bench::said(*asked) == "storage/slow");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("no refresh token in the answer keeps the old one", "[broker][renewal]") {
  Expired bench;
  bench.http.answer(200, Bench::tokens("A2"));

  REQUIRE(bench.token() == "A2");

  CHECK(bench.stored_refresh() == "R1");
  CHECK(bench.items->grants[kAlice].access_token.reveal() == "A2");
}

TEST_CASE("a narrower scope in the answer is kept", "[broker][renewal]") {
  Expired bench;
  bench.http.answer(200, Bench::tokens("A2", "", 3600, R"(,"scope":"https://MAIL.test/imap")"));

  CHECK(bench.token(Protocol::kImap) == "A2");
  CHECK(bench.token(Protocol::kSmtp) == "refused/scope");
}

TEST_CASE("a changed token endpoint gets no refresh token", "[broker][renewal]") {
  Expired bench;
  Provider changed = contoso();
  changed.endpoints.token = "https://evil.test/token";
  bench.provider = changed;

  const auto asked = bench.ask();
  run_until_quiet();

  REQUIRE(Bench::said(*asked) == "reauthorize/endpoint-changed");
  CHECK(asked->result->error().what.find("token endpoint changed") != std::string::npos);
  CHECK(bench.http.seen.empty());
  bench.provider.reset();  // put right again
  bench.http.answer(200, Bench::tokens("A2"));
  CHECK(bench.token() == "A2");
}

TEST_CASE("a provider that names only its issuer is held to it", "[broker][renewal]") {
  Expired bench;
  Provider open = contoso();
  open.endpoints.token.clear();
  bench.provider = open;
  bench.http.answer(200, Bench::tokens("A2", "", 5));
  CHECK(bench.token() == "A2");

  open.endpoints.issuer = "https://evil.test";
  bench.provider = open;
  CHECK(bench.token() == "reauthorize/endpoint-changed");
}

TEST_CASE("a client secret comes from the store", "[broker][renewal]") {
  Expired bench;
  Provider confidential = contoso();
  confidential.client_secret = Presence::kRequired;
  bench.provider = confidential;
  CHECK(bench.token() == "config/no-client-secret");

  bench.items->secrets[kAlice.client] = ClientSecret(Secret("s3"));
  bench.http.answer(200, Bench::tokens("A2"));
  CHECK(bench.token() == "A2");
  CHECK(bench.http.seen[0].body.find("client_secret=s3") != std::string::npos);
}

TEST_CASE("a transient failure is not repeated before its time", "[broker][renewal]") {
  Expired bench;
  bench.http.fail(offline());
  CHECK(bench.token() == "transient/offline");
  CHECK(bench.token() == "transient/offline");  // at once, the same words
  CHECK(bench.http.seen.size() == 1);

  bench.clock.advance(5s);
  bench.http.fail(offline());
  CHECK(bench.token() == "transient/offline");
  bench.clock.advance(9s);
  CHECK(bench.token() == "transient/offline");  // twice as long now
  CHECK(bench.http.seen.size() == 2);

  bench.clock.advance(1s);
  bench.http.answer(200, Bench::tokens("A2"));
  CHECK(bench.token() == "A2");
}

TEST_CASE("Retry-After is honoured and capped", "[broker][renewal]") {
  const auto [header, seconds] = GENERATE(table<std::string, int>({
      {"120", 120}, {"999999", 3600},  // no provider stops our mail for days
  }));
  Expired bench;
  bench.refuse("temporarily_unavailable", 503, {{"retry-after", header}});
  CHECK(bench.token() == "transient/temporarily_unavailable");
  const int wait = seconds;

  bench.clock.advance(std::chrono::seconds(wait - 1));
  bench.token();
  CHECK(bench.http.seen.size() == 1);

  bench.clock.advance(1s);
  bench.http.answer(200, Bench::tokens("A2"));
  CHECK(bench.token() == "A2");
}

TEST_CASE("a refused request is repeated once a minute at most", "[broker][renewal]") {
  const auto [status, body, said] = GENERATE(table<int, std::string, std::string>({
      {401, R"({"error":"invalid_client"})", "config/invalid_client"},
      {400, R"({"error":"access_denied"})", "refused/access_denied"},
      {200, "<html>captive</html>", "protocol/"},
  }));
  Expired bench;
  bench.http.answer(status, body);
  const std::string expected = said;

  CHECK(bench.token().substr(0, expected.size()) == expected);
  bench.clock.advance(59s);
  CHECK(bench.token().substr(0, expected.size()) == expected);
  CHECK(bench.http.seen.size() == 1);

  bench.clock.advance(1s);
  bench.http.answer(200, Bench::tokens("A2"));
  CHECK(bench.token() == "A2");
}
