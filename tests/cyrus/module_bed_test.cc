// SPDX-License-Identifier: GPL-3.0-or-later
//
// libetpan as the Cyrus client, with nothing of ours in the process but what Cyrus loads itself,
// against the bed's Dovecot. Runs under tests/bed/bed.py.
#include <libetpan/libetpan.h>

#include "bed_client.h"
#include "client.h"
#include "support/catch.h"

using namespace mail_oauth;
using namespace mail_oauth::testing;

namespace {

int authenticate(const char* mechanism, const std::string& password) {
  REQUIRE(load_module());
  const auto session = imap_tls(bed_port("BED_IMAP_PORT"));
  const char* user = "alice@contoso.test";
  const int code = mailimap_authenticate(session.get(), mechanism, "localhost", nullptr, nullptr,
                                         user, user, password.c_str(), nullptr);
  return code == MAILIMAP_NO_ERROR ? mailimap_select(session.get(), "INBOX") : code;
}

}  // namespace

TEST_CASE("a program that only loads the module signs in at Dovecot", "[cyrus][bed]") {
  const auto mechanism = GENERATE(as<std::string>{}, "XOAUTH2", "OAUTHBEARER");
  CAPTURE(mechanism);
  const std::string stale = bed_token("alice@contoso.test");
  bed("expire_tokens");
  const std::string fresh = bed_token("alice@contoso.test");

  CHECK(authenticate(mechanism.c_str(), stale) == MAILIMAP_ERROR_LOGIN);
  CHECK(authenticate(mechanism.c_str(), fresh) == MAILIMAP_NO_ERROR);
}

TEST_CASE("the mail password never reaches Dovecot as a token", "[cyrus][bed]") {
  bed("clear_transcript");

  CHECK(authenticate("XOAUTH2", "alice-mail-password") != MAILIMAP_NO_ERROR);

  const auto talks = bed("transcript", R"({"port":"IMAP"})").at("connections");
  REQUIRE(talks);
  REQUIRE_FALSE(talks->items().empty());
  for (const auto& talk : talks->items()) {
    const auto said = talk.string_at("client").value_or("");
    CHECK(said.find("YWxpY2U") == std::string::npos);  // base64 of "alice", in any answer
    CHECK(said.find("dXNlcj1") == std::string::npos);  // and of "user="
  }
}
