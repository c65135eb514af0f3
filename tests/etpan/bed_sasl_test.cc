// SPDX-License-Identifier: GPL-3.0-or-later
//
// The registered mechanisms under libetpan's own calls, against Dovecot. Runs under
// tests/bed/bed.py.
#include <libetpan/libetpan.h>

#include "bed_client.h"
#include "etpan/sasl_mechanisms.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

int authenticate(mailimap* session, const char* mechanism, const std::string& token) {
  const char* user = "alice@contoso.test";
  return mailimap_authenticate(session, mechanism, "localhost", nullptr, nullptr, user, user,
                               token.c_str(), nullptr);
}

}  // namespace

TEST_CASE("mailimap_authenticate signs in at Dovecot by name", "[etpan][sasl][bed]") {
  const auto mechanism = GENERATE(as<std::string>{}, "XOAUTH2", "OAUTHBEARER");
  CAPTURE(mechanism);
  REQUIRE(etpan::register_mechanisms());
  const std::string stale = bed_token("alice@contoso.test");
  bed("expire_tokens");
  const std::string fresh = bed_token("alice@contoso.test");
  const auto session = imap_tls(bed_port("BED_IMAP_PORT"));

  CHECK(authenticate(session.get(), mechanism.c_str(), stale) == MAILIMAP_ERROR_LOGIN);
  CHECK(etpan::last_mechanism_error().value().kind == Error::Kind::kRefused);
  CHECK(etpan::last_mechanism_error().value().code ==
        (mechanism == "XOAUTH2" ? "401" : "invalid_token"));

  // Over the same connection.
  CHECK(authenticate(session.get(), mechanism.c_str(), fresh) == MAILIMAP_NO_ERROR);
  CHECK(mailimap_select(session.get(), "INBOX") == MAILIMAP_NO_ERROR);
}

TEST_CASE("libetpan's POP3 and SMTP calls sign in at Dovecot with short tokens",
          "[etpan][sasl][bed]") {
  REQUIRE(etpan::register_mechanisms());
  const char* user = "alice@contoso.test";
  const std::string token = bed_token(user, 40);

  const auto pop = pop_tls(bed_port("BED_POP_PORT"));
  CHECK(mailpop3_auth(pop.get(), "XOAUTH2", "localhost", nullptr, nullptr, user, user,
                      token.c_str(), nullptr) == MAILPOP3_NO_ERROR);
  const auto smtp = smtp_tls(bed_port("BED_SMTP_PORT"));
  REQUIRE(mailesmtp_ehlo(smtp.get()) == MAILSMTP_NO_ERROR);
  CHECK(mailesmtp_auth_sasl(smtp.get(), "XOAUTH2", "localhost", nullptr, nullptr, user, user,
                            token.c_str(), nullptr) == MAILSMTP_NO_ERROR);
}
