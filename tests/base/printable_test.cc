// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/printable.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("foreign words cannot steer the terminal", "[base][printable]") {
  const auto [text, shown] = GENERATE(table<std::string, std::string>({
      {"plain, with umlauts: \xc3\xa4", "plain, with umlauts: \xc3\xa4"},
      {"\x1b[31mred", "?[31mred"},  // ESC
      {"a\rb\x07", "a?b?"},         // overwriting, a bell
      {"\xc2\x9b"
       "31m",
       "?31m"},  // CSI as one C1 character
      {"abc\xe2\x80\xae"
       "def",
       "abc?def"},  // right-to-left override
      {"a\xff"
       "b",
       "a\xef\xbf\xbd"
       "b"},  // no UTF-8
      {"two\nlines", "two?lines"},
  }));
  CAPTURE(text);

  CHECK(printable(text) == shown);
}

TEST_CASE("our own texts may have several lines", "[base][printable]") {
  CHECK(printable_text("two\nlines\x1b") == "two\nlines?");
}
