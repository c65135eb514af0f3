// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/attention.h"

#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::claws;
using namespace std::chrono_literals;

namespace {

using Cause = Attention::Cause;

const GrantKey kAliceKey = grant_key({"bed", "client", ""}, "alice@c.test");
const GrantKey kBob = grant_key({"bed", "client", ""}, "bob@c.test");
constexpr WallTime kStart{};

Error error_of(Error::Kind kind, const std::string& what = "words") {
  return make_error(kind, what, "code");
}

}  // namespace

TEST_CASE("a sign-in that is needed is announced once, whoever asks how often",
          "[claws][attention]") {
  Attention attention;
  const Error ended = error_of(Error::Kind::kReauthorize);

  CHECK(attention.no_token("Work", kAliceKey, ended, kStart));
  CHECK_FALSE(attention.no_token("Work", kAliceKey, ended, kStart + 10min));
  CHECK_FALSE(attention.no_token("Support", kAliceKey, ended, kStart + 10min));

  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].offers_sign_in());
  CHECK(attention.marks()[0].account == "Work");
  CHECK(attention.no_token("Other", kBob, ended, kStart));
  CHECK(attention.marks().size() == 2);
}

TEST_CASE("a token mends it, and the next time is told again", "[claws][attention]") {
  Attention attention;
  const Error ended = error_of(Error::Kind::kReauthorize);
  REQUIRE(attention.no_token("Work", kAliceKey, ended, kStart));

  attention.token_came(kBob);
  CHECK(attention.marks().size() == 1);
  attention.token_came(kAliceKey);
  CHECK(attention.marks().empty());
  CHECK(attention.no_token("Work", kAliceKey, ended, kStart + 1h));
}

TEST_CASE("what may pass is told when it lasts, and offers no sign-in", "[claws][attention]") {
  const auto kind = GENERATE(Error::Kind::kTransient, Error::Kind::kProtocol);
  Attention attention;

  CHECK_FALSE(attention.no_token("Work", kAliceKey, error_of(kind), kStart));
  CHECK_FALSE(attention.no_token("Work", kAliceKey, error_of(kind), kStart + 299s));
  CHECK(attention.marks().empty());
  CHECK(attention.no_token("Work", kAliceKey, error_of(kind, "still down"), kStart + 5min));
  CHECK_FALSE(attention.no_token("Work", kAliceKey, error_of(kind, "still down"), kStart + 1h));

  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].cause == Cause::kPassing);
  CHECK(attention.marks()[0].error.what == "still down");
  CHECK_FALSE(attention.marks()[0].offers_sign_in());
}

TEST_CASE("a success in between begins the waiting anew", "[claws][attention]") {
  Attention attention;
  const Error down = error_of(Error::Kind::kTransient);
  REQUIRE_FALSE(attention.no_token("Work", kAliceKey, down, kStart));
  attention.token_came(kAliceKey);

  CHECK_FALSE(attention.no_token("Work", kAliceKey, down, kStart + 10min));
}

TEST_CASE("the others are told at once, each as what it is", "[claws][attention]") {
  const auto [kind, cause] = GENERATE(table<Error::Kind, Cause>({
      {Error::Kind::kStorage, Cause::kStorage},
      {Error::Kind::kConfig, Cause::kSetting},
      {Error::Kind::kRefused, Cause::kRefused},
      {Error::Kind::kInternal, Cause::kOurs},
  }));
  Attention attention;

  CHECK(attention.no_token("Work", kAliceKey, error_of(kind), kStart));

  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].cause == cause);
  CHECK_FALSE(attention.marks()[0].offers_sign_in());
}

TEST_CASE("what a person cancelled is told to nobody", "[claws][attention]") {
  Attention attention;

  CHECK_FALSE(attention.no_token("Work", kAliceKey, error_of(Error::Kind::kCancelled), kStart));
  CHECK_FALSE(
      attention.no_token("Work", kAliceKey, error_of(Error::Kind::kCancelled), kStart + 1h));

  CHECK(attention.marks().empty());
}

TEST_CASE("another cause takes the place of the first and is announced", "[claws][attention]") {
  Attention attention;
  REQUIRE(attention.no_token("Work", kAliceKey, error_of(Error::Kind::kStorage), kStart));

  CHECK(attention.no_token("Work", kAliceKey, error_of(Error::Kind::kReauthorize), kStart));

  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].offers_sign_in());
}

TEST_CASE("an outage does not hide that a sign-in is needed", "[claws][attention]") {
  Attention attention;
  const Error ended = error_of(Error::Kind::kReauthorize);
  REQUIRE(attention.no_token("Work", kAliceKey, ended, kStart));

  CHECK_FALSE(attention.no_token("Work", kAliceKey, error_of(Error::Kind::kTransient), kStart));
  CHECK_FALSE(attention.no_token("Work", kAliceKey, ended, kStart));

  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].offers_sign_in());
}

TEST_CASE("a server's refusal asks for no sign-in and stays beside the grant's trouble",
          "[claws][attention]") {
  Attention attention;
  const Error off = error_of(Error::Kind::kRefused);

  CHECK(attention.login_refused(1, "Work", Protocol::kSmtp, off, false, kStart));
  CHECK_FALSE(attention.login_refused(1, "Work", Protocol::kSmtp, off, false, kStart));
  attention.token_came(kAliceKey);  // the server has not changed its mind
  attention.login_accepted(1, Protocol::kImap);

  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].sending);
  CHECK_FALSE(attention.marks()[0].offers_sign_in());
  attention.login_accepted(1, Protocol::kSmtp);
  CHECK(attention.marks().empty());
}

TEST_CASE("a refusal that a new token may mend is shown the second time in a row",
          "[claws][attention]") {
  Attention attention;
  const Error no = error_of(Error::Kind::kRefused);

  CHECK_FALSE(attention.login_refused(1, "Work", Protocol::kImap, no, true, kStart));
  attention.login_accepted(1, Protocol::kImap);
  CHECK_FALSE(attention.login_refused(1, "Work", Protocol::kImap, no, true, kStart));
  CHECK(attention.marks().empty());
  CHECK(attention.login_refused(1, "Work", Protocol::kImap, no, true, kStart));

  CHECK(attention.marks().size() == 1);
}

TEST_CASE("a server that fails itself is told when it lasts", "[claws][attention]") {
  Attention attention;
  const Error fails = error_of(Error::Kind::kTransient);
  const auto met = [&](WallTime now) {
    return attention.login_refused(1, "Work", Protocol::kImap, fails, false, now);
  };

  CHECK_FALSE(met(kStart));
  CHECK_FALSE(met(kStart + 299s));
  CHECK(attention.marks().empty());
  CHECK(met(kStart + 5min));
  CHECK_FALSE(met(kStart + 1h));
  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].cause == Cause::kPassing);
  CHECK_FALSE(attention.marks()[0].offers_sign_in());

  attention.login_accepted(1, Protocol::kImap);
  CHECK(attention.marks().empty());
  CHECK_FALSE(met(kStart + 2h));
}

TEST_CASE("a server that fails itself has not taken its no back", "[claws][attention]") {
  Attention attention;
  const Error no = error_of(Error::Kind::kRefused);
  const Error fails = error_of(Error::Kind::kTransient);
  REQUIRE(attention.login_refused(1, "Work", Protocol::kPop, no, false, kStart));

  CHECK_FALSE(attention.login_refused(1, "Work", Protocol::kPop, fails, false, kStart + 1h));

  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].cause == Cause::kServer);
}

TEST_CASE("where a setting is wrong no server is blamed, and a login mends it",
          "[claws][attention]") {
  Attention attention;
  const Error two = error_of(Error::Kind::kConfig, "two accounts fit");

  CHECK(attention.login_refused(1, "Work", Protocol::kPop, two, false, kStart));
  CHECK_FALSE(attention.login_refused(1, "Work", Protocol::kPop, two, false, kStart));
  REQUIRE(attention.marks().size() == 1);
  CHECK(attention.marks()[0].cause == Cause::kSetting);

  attention.login_accepted(1, Protocol::kPop);
  CHECK(attention.marks().empty());
}

TEST_CASE("what is not in use any more is forgotten", "[claws][attention]") {
  Attention attention;
  const Error ended = error_of(Error::Kind::kReauthorize);
  REQUIRE(attention.no_token("Work", kAliceKey, ended, kStart));
  REQUIRE(attention.no_token("Other", kBob, ended, kStart));
  REQUIRE(attention.login_refused(1, "Work", Protocol::kSmtp, ended, false, kStart));
  REQUIRE(attention.login_refused(2, "Other", Protocol::kSmtp, ended, false, kStart));

  attention.keep_only({kBob}, {2});

  REQUIRE(attention.marks().size() == 2);
  CHECK(attention.marks()[0].grant == kBob);
  CHECK(attention.marks()[1].account_id == 2);
}

TEST_CASE("what is refused after every login is told once and mended by a session without it",
          "[claws][attention]") {
  Attention attention;
  const Error closed = error_of(Error::Kind::kRefused);
  attention.login_accepted(1, Protocol::kImap);
  CHECK(attention.use_refused(1, "Work", Protocol::kImap, closed));
  attention.login_accepted(1, Protocol::kImap);
  CHECK_FALSE(attention.use_refused(1, "Work", Protocol::kImap, closed));
  CHECK(attention.marks().size() == 1);

  attention.login_accepted(1, Protocol::kImap);
  attention.login_accepted(1, Protocol::kImap);
  CHECK(attention.marks().empty());
}

TEST_CASE("a message that goes out mends a refused sender", "[claws][attention]") {
  Attention attention;
  REQUIRE(attention.use_refused(1, "Work", Protocol::kSmtp, error_of(Error::Kind::kRefused)));

  attention.use_accepted(1, Protocol::kSmtp);

  CHECK(attention.marks().empty());
}
