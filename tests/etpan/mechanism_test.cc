// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/mechanism.h"

#include "support/catch.h"

using namespace mail_oauth;
using etpan::Mechanism;

namespace {

AccessToken token(std::string_view bytes) { return AccessToken(Secret(bytes)); }

}  // namespace

TEST_CASE("the preferred mechanism among the offered ones is chosen", "[etpan]") {
  const std::vector<Mechanism> usual = {Mechanism::kXoauth2, Mechanism::kOauthbearer};
  const std::vector<Mechanism> standard = {Mechanism::kOauthbearer, Mechanism::kXoauth2};

  CHECK(etpan::choose_mechanism({"PLAIN", "OAUTHBEARER", "XOAUTH2"}, usual) == Mechanism::kXoauth2);
  CHECK(etpan::choose_mechanism({"PLAIN", "XOAUTH2", "OAUTHBEARER"}, standard) ==
        Mechanism::kOauthbearer);
  CHECK(etpan::choose_mechanism({"xoauth2"}, standard) == Mechanism::kXoauth2);
  CHECK_FALSE(etpan::choose_mechanism({"PLAIN", "XOAUTH", "LOGIN"}, usual));
  CHECK_FALSE(etpan::choose_mechanism({"XOAUTH2"}, {Mechanism::kOauthbearer}));
}

TEST_CASE("responses are the bytes that Microsoft and RFC 7628 document", "[etpan]") {
  const auto xoauth2 =
      etpan::encoded_response(Mechanism::kXoauth2, {"test@contoso.onmicrosoft.com", "h", 1},
                              token("EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA"));
  REQUIRE(xoauth2);
  CHECK(xoauth2->reveal() ==
        "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVm"
        "UwYm"
        "pMQldaV0NjbFJDM0VvQUEBAQ==");

  // RFC 7628 section 4.1.
  const auto bearer = etpan::encoded_response(Mechanism::kOauthbearer,
                                              {"user@example.com", "server.example.com", 143},
                                              token("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="));
  REQUIRE(bearer);
  CHECK(bearer->reveal() ==
        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIH"
        "ZGOW"
        "RmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
}

TEST_CASE("a response with an unusable part is refused", "[etpan]") {
  for (const auto mechanism : {Mechanism::kXoauth2, Mechanism::kOauthbearer}) {
    const auto response = etpan::encoded_response(mechanism, {"a\1b", "h", 1}, token("t"));
    REQUIRE_FALSE(response);
    CHECK(response.error().kind == Error::Kind::kConfig);
  }
}

TEST_CASE("a challenge says whether another token may help", "[etpan]") {
  // {"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}
  const auto google =
      etpan::read_encoded_challenge(Mechanism::kXoauth2,
                                    "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcG"
                                    "UiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==");
  CHECK(google.stale);
  CHECK(google.code == "401");
  CHECK(google.scope == "https://mail.google.com/");

  // {"status":"403"}
  CHECK_FALSE(etpan::read_encoded_challenge(Mechanism::kXoauth2, "eyJzdGF0dXMiOiI0MDMifQ==").stale);

  // {"status":"insufficient_scope","scope":"mail"}
  const auto bearer = etpan::read_encoded_challenge(
      Mechanism::kOauthbearer, "eyJzdGF0dXMiOiJpbnN1ZmZpY2llbnRfc2NvcGUiLCJzY29wZSI6Im1haWwifQ==");
  CHECK_FALSE(bearer.stale);
  CHECK(bearer.code == "insufficient_scope");
  CHECK(bearer.scope == "mail");

  for (const auto& readable : {google, bearer}) CHECK_FALSE(readable.passing);

  // What cannot be read may be anything: worth one other token.
  for (const auto* broken : {"", "%%%", "bm90IGpzb24=", "e30="}) {
    CHECK(etpan::read_encoded_challenge(Mechanism::kXoauth2, broken).stale);
    CHECK(etpan::read_encoded_challenge(Mechanism::kOauthbearer, broken).stale);
    CHECK_FALSE(etpan::read_encoded_challenge(Mechanism::kXoauth2, broken).passing);
    CHECK_FALSE(etpan::read_encoded_challenge(Mechanism::kOauthbearer, broken).passing);
  }
}

TEST_CASE("a challenge of a server that failed itself says nothing of the token", "[etpan]") {
  // Dovecot 2.4: {"schemes":"bearer","status":"500","scope":"mail","openid-configuration":""}
  const auto xoauth2 = etpan::read_encoded_challenge(
      Mechanism::kXoauth2,
      "eyJzY2hlbWVzIjoiYmVhcmVyIiwic3RhdHVzIjoiNTAwIiwic2NvcGUiOiJtYWlsIiwib3BlbmlkLWNvbmZpZ3VyYXRp"
      "b24iOiIifQ==");
  CHECK(xoauth2.passing);
  CHECK_FALSE(xoauth2.stale);
  CHECK(xoauth2.code == "500");

  const auto word = GENERATE(as<std::string>{}, "internal_failure",  // Dovecot 2.4
                             "server_error", "temporarily_unavailable");
  const auto bearer =
      etpan::read_challenge(Mechanism::kOauthbearer, R"({"status":")" + word + R"("})");
  CHECK(bearer.passing);
  CHECK_FALSE(bearer.stale);
}

TEST_CASE("the challenge is answered as each mechanism asks", "[etpan]") {
  CHECK(etpan::challenge_answer(Mechanism::kXoauth2).empty());
  CHECK(etpan::challenge_answer(Mechanism::kOauthbearer) == "AQ==");
}
