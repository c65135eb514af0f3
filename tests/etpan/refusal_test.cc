// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/refusal.h"

#include <glib.h>

#include <clocale>
#include <tuple>

#include "support/catch.h"
#include "support/temp_folder.h"

using namespace mail_oauth;
using etpan::Reply;

namespace {

Reply no(std::string code, std::string text, int number = 0) {
  return {Reply::Kind::kNo, std::move(code), std::move(text), number};
}

}  // namespace

TEST_CASE("a mail server's refusal never asks for a new sign-in", "[etpan]") {
  using Row = std::tuple<Protocol, Reply, Error::Kind, bool>;
  const std::vector<Row> rows = {
      // Exchange Online, without a code: the token may be stale
      {Protocol::kImap, no("", "AUTHENTICATE failed."), Error::Kind::kRefused, true},
      {Protocol::kImap, no("AUTHENTICATIONFAILED", "x"), Error::Kind::kRefused, true},
      {Protocol::kImap, no("AUTHORIZATIONFAILED", "x"), Error::Kind::kRefused, false},
      {Protocol::kImap, no("UNAVAILABLE", "x"), Error::Kind::kTransient, false},
      {Protocol::kImap, {Reply::Kind::kBad, "", "x"}, Error::Kind::kRefused, false},
      {Protocol::kImap, {Reply::Kind::kBye, "", "x"}, Error::Kind::kTransient, false},
      {Protocol::kPop, no("", "Authentication failure"), Error::Kind::kRefused, true},
      {Protocol::kPop, no("AUTH", "x"), Error::Kind::kRefused, true},
      {Protocol::kPop, no("SYS/TEMP", "x"), Error::Kind::kTransient, false},
      {Protocol::kPop, no("SYS/PERM", "x"), Error::Kind::kRefused, false},
      {Protocol::kPop, no("IN-USE", "x"), Error::Kind::kTransient, false},
      {Protocol::kSmtp, no("5.7.3", "x", 535), Error::Kind::kRefused, true},
      // SMTP AUTH switched off for the tenant: a policy
      {Protocol::kSmtp, no("5.7.139", "x", 535), Error::Kind::kRefused, false},
      {Protocol::kSmtp, no("5.5.2", "Line too long", 500), Error::Kind::kRefused, false},
      {Protocol::kSmtp, no("4.7.0", "x", 454), Error::Kind::kTransient, false},
  };
  for (const auto& row : rows) {
    CAPTURE(std::get<1>(row).code, std::get<1>(row).number);
    const auto refusal = etpan::judge(std::get<0>(row), std::get<1>(row), std::nullopt, "alice");
    CHECK(refusal.error.kind == std::get<2>(row));
    CHECK(refusal.stale == std::get<3>(row));
  }
}

TEST_CASE("a code in lower case is known under a Turkish locale, too", "[etpan]") {
  // One byte a letter: there "i" has a capital of its own, and "[inuse]" would be no code.
  const testing::TempFolder folder;
  const std::string command = "localedef -i tr_TR -f ISO-8859-9 " + folder.path() + "/tr_TR";
  REQUIRE(g_spawn_command_line_sync(command.c_str(), nullptr, nullptr, nullptr, nullptr));
  const std::string before = setlocale(LC_CTYPE, nullptr);
  g_setenv("LOCPATH", folder.path().c_str(), TRUE);
  REQUIRE(setlocale(LC_CTYPE, "tr_TR"));
  std::string text = "[inuse] come back later";

  const std::string code = etpan::take_response_code(text);

  setlocale(LC_CTYPE, before.c_str());
  g_unsetenv("LOCPATH");
  CHECK(code == "INUSE");
}

TEST_CASE("the server's words, its code and the wanted permission are in the error", "[etpan]") {
  const auto refusal = etpan::judge(
      Protocol::kSmtp, no("5.7.3", "5.7.3 Authentication unsuccessful", 535),
      etpan::Challenge{false, "403", "https://outlook.office.com/SMTP.Send"}, "alice@x.y");

  CHECK_FALSE(refusal.stale);
  CHECK(refusal.error.code == "5.7.3");
  CHECK(refusal.error.peer == Error::Peer::kSmtp);
  CHECK(refusal.error.said == "5.7.3 Authentication unsuccessful");
  CHECK(refusal.error.what.find("alice@x.y") != std::string::npos);
  CHECK(refusal.error.what.find("Authentication unsuccessful") != std::string::npos);
  CHECK(refusal.error.what.find("SMTP.Send") != std::string::npos);
}

TEST_CASE("a server that failed itself refuses nobody, whatever its reply says", "[etpan]") {
  // Dovecot 2.4.1, which calls it a failed authentication after its challenge.
  const auto [protocol, reply] = GENERATE(table<Protocol, Reply>({
      {Protocol::kImap, no("AUTHENTICATIONFAILED", "Authentication failed.")},
      {Protocol::kPop, no("AUTH", "Authentication failed.")},
      {Protocol::kSmtp, no("5.7.8", "5.7.8 Authentication failed.", 535)},
  }));

  const auto refusal =
      etpan::judge(protocol, reply, etpan::Challenge{false, "500", "mail", true}, "alice@x.y");

  CHECK(refusal.error.kind == Error::Kind::kTransient);
  CHECK_FALSE(refusal.stale);
  CHECK(refusal.error.code == "500");
  CHECK(refusal.error.what.find("at the moment") != std::string::npos);
  CHECK(refusal.error.what.find("permission") == std::string::npos);
}

TEST_CASE("a token that a server echoes does not get into the error", "[etpan]") {
  const std::string token = "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA";

  const auto refusal =
      etpan::judge(Protocol::kImap, no("", "bad token " + token), std::nullopt, "a");

  CHECK(refusal.error.what.find(token) == std::string::npos);
}

TEST_CASE("a mailbox that does not open is refused, or later when the server says so", "[etpan]") {
  const auto refused = etpan::mailbox_refused(
      Protocol::kImap, {Reply::Kind::kBad, "", "User is authenticated but not connected."},
      "support@x.y");
  CHECK(refused.kind == Error::Kind::kRefused);
  CHECK(refused.code == "not-connected");
  CHECK(refused.peer == Error::Peer::kImap);
  CHECK(refused.said == "User is authenticated but not connected.");
  CHECK(refused.what.find("support@x.y") != std::string::npos);
  CHECK(refused.what.find("authenticated but not connected") != std::string::npos);

  CHECK(etpan::mailbox_refused(Protocol::kPop, no("SYS/TEMP", "x"), "a").kind ==
        Error::Kind::kTransient);
}

TEST_CASE("a sender whom SMTP does not take is refused in its words", "[etpan]") {
  Reply reply =
      no("5.7.60", "5.7.60 SMTP; Client does not have permissions to send as this sender");
  reply.number = 550;
  const auto refused = etpan::sending_refused(reply, "alice@x.y", "support@x.y");
  CHECK(refused.kind == Error::Kind::kRefused);
  CHECK(refused.code == "5.7.60");
  CHECK(refused.peer == Error::Peer::kSmtp);
  for (const char* word : {"alice@x.y", "support@x.y", "permissions to send as"}) {
    CHECK(refused.what.find(word) != std::string::npos);
  }

  reply.number = 451;
  CHECK(etpan::sending_refused(reply, "a", "b").kind == Error::Kind::kTransient);
}

TEST_CASE("response codes are taken off the text, known ones kept", "[etpan]") {
  const auto [line, code, rest] = GENERATE(table<std::string, std::string, std::string>({
      {"[AUTHENTICATIONFAILED] Failed", "AUTHENTICATIONFAILED", "Failed"},
      {"[sys/temp]  Later", "SYS/TEMP", "Later"},
      {"[ALERT]", "ALERT", ""},
      {"[CAPABILITY IMAP4rev1] Hi", "", "Hi"},  // not a reason
      {"[EwBAAl3BAAUFFpUAo7J3] x", "", "x"},    // whatever that is
      {"[unclosed", "", "[unclosed"},           // no code at all
      {"Authentication failed", "", "Authentication failed"},
      {"", "", ""},
  }));
  std::string text = line;
  CHECK(etpan::take_response_code(text) == code);
  CHECK(text == rest);
}

TEST_CASE("enhanced status codes are read strictly", "[etpan]") {
  CHECK(etpan::enhanced_status("5.7.139 Authentication unsuccessful") == "5.7.139");
  CHECK(etpan::enhanced_status("4.7.0") == "4.7.0");
  for (const auto* text : {"", "Authentication", "5.7", "1.2.3 x", "5.7.1.2 x", "5.77777.1111 x"}) {
    CHECK(etpan::enhanced_status(text).empty());
  }
}
