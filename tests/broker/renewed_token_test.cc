// SPDX-License-Identifier: GPL-3.0-or-later
//
// Renewals that somebody wants, and what is left of a grant that has ended.
#include "broker/bench.h"
#include "broker/broker.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

struct Fresh : Bench {
  Fresh() {
    store.put(grant("A1", 30min));
    start();
  }

  std::string renewed() {
    Asked<AccessToken> asked;
    asked.call = broker->renewed_token(kAlice, Protocol::kImap, [&](Result<AccessToken> result) {
      asked.result.emplace(std::move(result));
    });
    run_until_quiet();
    return said(asked);
  }
  std::string stored_access() const {
    return std::string(items->grants.at(kAlice).access_token.reveal());
  }
};

}  // namespace

TEST_CASE("a token that is wanted anew is renewed though the one at hand is fresh",
          "[broker][renewed]") {
  Fresh bench;
  const bool known = GENERATE(false, true);
  if (known) REQUIRE(bench.token() == "A1");
  bench.http.answer(200, Bench::tokens("A2", "R2"));

  CHECK(bench.renewed() == "A2");

  CHECK(bench.stored_refresh() == "R2");
  CHECK(bench.token() == "A2");
  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("a renewal that is wanted and fails is told, and the token at hand stays",
          "[broker][renewed]") {
  Fresh bench;
  bench.http.fail(make_error(Error::Kind::kTransient, "no network", "offline"));
  CHECK(bench.renewed() == "transient/offline");
  CHECK(bench.token() == "A1");

  bench.http.answer(200, Bench::tokens("A2", "R2"));  // no pause for who says so
  CHECK(bench.renewed() == "A2");
}

TEST_CASE("a grant that has ended hands its last token out to no process any more",
          "[broker][renewed]") {
  Fresh bench;
  const bool by_server = GENERATE(false, true);
  CAPTURE(by_server);
  bench.refuse("invalid_grant");
  if (by_server) {
    REQUIRE(bench.token() == "A1");
    bench.broker->refused(kAlice, "A1");
    CHECK(bench.token() == "reauthorize/invalid_grant");
  } else {
    CHECK(bench.renewed() == "reauthorize/invalid_grant");
  }
  CHECK(bench.stored_access().empty());
  CHECK(bench.stored_refresh() == "R1");  // it can be listed, and signed out of

  bench.start();  // another process
  bench.refuse("invalid_grant");
  CHECK(bench.token() == "reauthorize/invalid_grant");
}

TEST_CASE("a token that a renewal finds is not handed out when its end was written with it",
          "[broker][renewal]") {
  Bench bench;
  bench.store.put(bench.grant("A1", 1min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.clock.advance(1min);
  Grant ended = bench.grant("A2", 1h);  // by another process
  ended.received_at = ended.ended_at = bench.clock.now();
  bench.store.put(ended);
  bench.refuse("invalid_grant");

  CHECK(bench.token() == "reauthorize/invalid_grant");

  CHECK(bench.http.seen.size() == 1);
}

TEST_CASE("a mail server's refusal counts after a grant that had ended was renewed",
          "[broker][renewal]") {
  Bench bench;
  Grant ended = bench.grant("A1", 1h);
  ended.ended_at = bench.clock.now();
  bench.store.put(ended);
  bench.start();
  bench.http.answer(200, Bench::tokens("A2"));  // The server changed its mind.
  REQUIRE(bench.token() == "A2");
  bench.http.answer(200, Bench::tokens("A3"));

  bench.broker->refused(kAlice, "A2");

  CHECK(bench.token() == "A3");
}

TEST_CASE("nobody signed in: there is nothing to renew", "[broker][renewed]") {
  Fresh bench;
  bench.items->grants.clear();

  CHECK(bench.renewed() == "reauthorize/no-grant");
  CHECK(bench.token() == "reauthorize/no-grant");
}

TEST_CASE("a rotated refresh token is kept whatever else is wrong with its answer",
          "[broker][renewal][I2]") {
  const auto more =
      GENERATE(as<std::string>{}, R"(,"token_type":"mac")", R"(,"scope":"a","scope":"b")",
               R"(,"access_token":7)", R"(,"access_token":"A\u0007")");
  CAPTURE(more);
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  bench.http.answer(200, R"({"refresh_token":"R2","expires_in":3600)" + more + "}");
  CHECK(bench.token().substr(0, 9) == "protocol/");
  CHECK(bench.stored_refresh() == "R2");

  bench.clock.advance(1min);
  bench.http.answer(200, Bench::tokens("A3", "R3"));
  CHECK(bench.token() == "A3");
  CHECK(bench.sent_last().find("refresh_token=R2&") != std::string::npos);
}

TEST_CASE("a scope or id_token that cannot be read spoils no renewal", "[broker][renewal]") {
  const auto more = GENERATE(as<std::string>{}, R"(,"scope":"mail Café")", R"(,"scope":7)",
                             R"(,"id_token":"\u0001")");
  CAPTURE(more);
  Bench bench;
  bench.store.put(bench.grant("A1", -5min));
  bench.start();
  bench.http.answer(200, Bench::tokens("A2", "R2", 3600, more));

  CHECK(bench.token() == "A2");
  CHECK(bench.stored_refresh() == "R2");
}

TEST_CASE("the margin is the provider's after a renewal that nobody waited for, too",
          "[broker][ahead]") {
  Bench bench;
  bench.ahead = true;
  Provider patient = contoso();
  patient.refresh_margin = 60s;
  bench.provider = patient;
  bench.store.put(bench.grant("A1", 10min));
  bench.start();
  REQUIRE(bench.token() == "A1");
  bench.http.answer(200, Bench::tokens("A2", "R2"));
  bench.clock.advance(9min);
  REQUIRE(bench.http.seen.size() == 1);

  bench.clock.advance(59min - 1s);
  CHECK(bench.http.seen.size() == 1);
  bench.clock.advance(1s);
  CHECK(bench.http.seen.size() == 2);
}
