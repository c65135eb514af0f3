// SPDX-License-Identifier: GPL-3.0-or-later
#include "broker/renewal.h"

#include "broker/bench.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

/// Alice's token has expired, and she was asked for.
struct Expired : Bench {
  Expired() {
    store.put(grant("A1", -5min));
    start();
  }
};

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
  bench.store.on_save = [&] { handed_out_before = asked->answered(); };
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  run_until_quiet();

  CHECK(Bench::said(*asked) == "A2");
  CHECK_FALSE(handed_out_before);
  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("I2: a command asks for nothing that its store would not take", "[broker][I2]") {
  Expired bench;
  bench.proves_store = true;
  bench.start();
  bench.store.save_fails = MemoryStore::locked();

  CHECK(bench.token() == "storage/locked");
  CHECK(bench.http.seen.empty());
  CHECK(bench.store.count("save") == 0);  // the grant is not touched

  bench.store.save_fails.reset();
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  CHECK(bench.token() == "A2");
  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("I2: a store that is not proved in time is asked nothing more", "[broker][I2]") {
  Expired bench;
  bench.proves_store = true;
  bench.start();
  bench.store.silent_at = "prove";
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

TEST_CASE("invalid_grant needs a sign-in and is not asked again", "[broker][renewal]") {
  Expired bench;
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "reauthorize/invalid_grant");
  bench.clock.advance(1h);
  CHECK(bench.token() == "reauthorize/invalid_grant");

  CHECK(bench.http.seen.size() == 1);
  CHECK(bench.heard == std::vector<std::string>{"needs sign-in invalid_grant"});
}

TEST_CASE("after invalid_grant a new item in the store is used", "[broker][renewal]") {
  Expired bench;
  bench.refuse("invalid_grant");
  REQUIRE(bench.token() == "reauthorize/invalid_grant");

  bench.store.put(bench.grant("B1", 1h, "S1"));

  CHECK(bench.token() == "B1");
}

TEST_CASE("invalid_grant for a token that another process has just rotated", "[broker][renewal]") {
  Expired bench;
  const auto asked = bench.ask();
  run_until_quiet();
  REQUIRE(bench.http.open() == 1);

  bench.store.put(bench.grant("A2", 1h, "R2"));
  bench.refuse("invalid_grant");
  run_until_quiet();

  CHECK(Bench::said(*asked) == "A2");
  CHECK(bench.heard.empty());
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

TEST_CASE("a lock held by another process for 30 s is a transient failure",
          "[broker][renewal][I1]") {
  Expired bench;
  auto other = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE((other && *other));

  const auto asked = bench.ask();
  bench.clock.advance(29s);
  CHECK_FALSE(asked->answered());
  bench.clock.advance(2s);

  CHECK(Bench::said(*asked) == "transient/lock-held");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("no lock folder: nothing is renewed", "[broker][renewal][I1]") {
  Expired bench;
  bench.folder.write("lock", "a file is in its place");

  CHECK(bench.token() == "storage/lock-folder");
  CHECK(bench.http.seen.empty());
}

TEST_CASE("a keyring that does not answer under the lock does not hold it for ever",
          "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 5min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(6min);
  bench.store.silent = true;

  const auto asked = bench.ask();
  bench.clock.advance(20s);

  CHECK(Bench::said(*asked) == "storage/slow");
  auto lock = LockFile::try_take(bench.lock_folder(), kAlice);
  REQUIRE(lock);
  CHECK(lock->has_value());
}
