// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include "base/guarded.h"
#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("redacted replaces whatever could be a token", "[base][log]") {
  CHECK(redacted("token EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA end") == "token [40 bytes] end");
  CHECK(redacted("a eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.sig z") == "a [52 bytes] z");
}

TEST_CASE("redacted keeps what a log is read for", "[base][log]") {
  CHECK(redacted("alice@contoso.com at smtp-mail.outlook.com:587") ==
        "alice@contoso.com at smtp-mail.outlook.com:587");
  CHECK(redacted("SmtpClientAuthentication is disabled: interaction_required") ==
        "SmtpClientAuthentication is disabled: interaction_required");
}

TEST_CASE("redacted takes line breaks and terminal escapes away", "[base][log]") {
  CHECK(redacted("a\r\nb\033[2J") == "a??b?[2J");
}

TEST_CASE("redacted takes away the controls beyond ASCII, too", "[base][log]") {
  const auto [line, shown] = GENERATE(table<std::string, std::string>({
      {"a\xc2\x9b"
       "31m",
       "a?31m"},  // CSI as one C1 character
      {"a\x9b"
       "31m",
       "a?31m"},  // the same in Latin-1
      {"abc\xe2\x80\xae"
       "def",
       "abc?def"},  // right-to-left override
      {"a\xe2\x80\xa8"
       "b",
       "a?b"},  // a line's end
      {"Gr\xc3\xbc\xc3\x9f"
       "e \xf0\x9f\x98\x80",
       "Gr\xc3\xbc\xc3\x9f"
       "e \xf0\x9f\x98\x80"},
      {"cut \xf0\x9f\x98", "cut ???"},
      {std::string("a\0b", 3), "a?b"},
  }));
  CAPTURE(line);

  CHECK(redacted(line) == shown);
}

TEST_CASE("an exception under a guard becomes the fallback and a log line", "[base][log]") {
  std::string seen;
  set_log_sink([&](std::string_view line) { seen = line; });

  const int result = guarded("hook", 7, []() -> int { throw std::runtime_error("broken"); });

  set_log_sink({});
  CHECK(result == 7);
  CHECK(seen == "hook: broken");
}

TEST_CASE("a guard stops what is not a std::exception too", "[base][log]") {
  CHECK(guarded("hook", 3, []() -> int { throw 1; }) == 3);
}
