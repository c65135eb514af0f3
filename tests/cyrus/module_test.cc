// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module as Cyrus loads it, and what keeps passwords from going out as tokens.
#include "client.h"
#include "support/catch.h"

using namespace mail_oauth::testing;

namespace {

const std::string kToken = "0123456789-an-access-token-0123456789";

}  // namespace

TEST_CASE("Cyrus loads the module, and XOAUTH2 takes both from the callbacks", "[cyrus]") {
  Client client("a@b.c", kToken);

  REQUIRE(client.start("XOAUTH2") == SASL_CONTINUE);
  CHECK(client.sent == "user=a@b.c\1auth=Bearer " + kToken + "\1\1");

  REQUIRE(client.go_on(R"({"status":"401"})") == SASL_CONTINUE);
  CHECK(client.sent.empty());
  CHECK(client.go_on("more") == SASL_BADPROT);
}

TEST_CASE("OAUTHBEARER names host and port, and answers a refusal with ^A", "[cyrus]") {
  Client client("a@b.c", kToken);

  REQUIRE(client.start("OAUTHBEARER") == SASL_CONTINUE);
  CHECK(client.sent ==
        "n,a=a@b.c,\1host=mail.contoso.test\1port=993\1auth=Bearer " + kToken + "\1\1");
  REQUIRE(client.go_on(R"({"status":"invalid_token"})") == SASL_CONTINUE);
  CHECK(client.sent == "\1");
}

TEST_CASE("a program that lets Cyrus choose keeps its kind of sign-in", "[cyrus]") {
  // What a server offers, in its order; with our flags of the mechanisms in the process (those of
  // etpan/sasl_mechanisms.cc) XOAUTH2 would win all of these, and the password go out as a token.
  const auto [offered, chosen] = GENERATE(table<std::string, std::string>({
      {"PLAIN XOAUTH2", "PLAIN"},
      {"XOAUTH2 PLAIN", "PLAIN"},
      {"LOGIN XOAUTH2 OAUTHBEARER", "LOGIN"},
      {"OAUTHBEARER XOAUTH2 LOGIN PLAIN", "PLAIN or LOGIN"},
  }));
  CAPTURE(offered);
  Client client("a@b.c", "correct horse");

  const int code = client.start(offered.c_str());

  CHECK((code == SASL_OK || code == SASL_CONTINUE));
  CHECK(chosen.find(client.chosen) != std::string::npos);
  CHECK(client.sent.find("Bearer") == std::string::npos);
}

TEST_CASE("where only tokens are taken, a password is not sent", "[cyrus]") {
  const auto password = GENERATE(as<std::string>{}, "hunter2", "correct horse battery staple",
                                 "a long one! of forty characters or so...", "");
  const auto offered = GENERATE(as<std::string>{}, "XOAUTH2", "OAUTHBEARER XOAUTH2");
  Client client("a@b.c", password);

  CHECK(client.start(offered.c_str()) == SASL_BADPARAM);
  CHECK(client.sent.empty());
  CHECK(client.detail().find("no access token") != std::string::npos);
}

TEST_CASE("a user that would break the answer, or none, is refused", "[cyrus]") {
  const auto user = GENERATE(as<std::string>{}, "", "a@b.c\1auth=Bearer x");
  Client client(user, kToken);

  CHECK(client.start("XOAUTH2") == SASL_BADPARAM);
  CHECK(client.sent.empty());
}
