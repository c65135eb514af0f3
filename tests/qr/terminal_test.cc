// SPDX-License-Identifier: GPL-3.0-or-later
#include "qr/terminal.h"

#include "support/catch.h"

using namespace mail_oauth;
using qr::Characters;
using qr::Ground;

namespace {

/// Two modules a side: dark where light is not.
///   # .
///   . #
qr::Matrix tiny() { return qr::Matrix(2, {true, false, false, true}); }

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("on a light terminal the dark modules are drawn", "[qr]") {
  const std::string empty = times(20, " ") + "\n";

  CHECK(qr::drawn(tiny(), Ground::kLight, Characters::kAscii) ==
        times(4, empty) + "        ##          \n" + "          ##        \n" + times(4, empty));
}

TEST_CASE("on a dark terminal the light modules and the margin are drawn", "[qr]") {
  const std::string full = times(20, "#") + "\n";

  CHECK(qr::drawn(tiny(), Ground::kDark, Characters::kAscii) ==
        times(4, full) + "########  ##########\n" + "##########  ########\n" + times(4, full));
}

TEST_CASE("half blocks hold two modules, one above the other", "[qr]") {
  const std::string empty = times(10, " ") + "\n";
  const std::string full = times(10, "█") + "\n";

  CHECK(qr::drawn(tiny(), Ground::kLight, Characters::kBlocks) ==
        times(2, empty) + "    ▀▄    \n" + times(2, empty));
  CHECK(qr::drawn(tiny(), Ground::kDark, Characters::kBlocks) ==
        times(2, full) + "████▄▀████\n" + times(2, full));
}

TEST_CASE("an odd number of lines ends in margin", "[qr]") {
  const qr::Matrix dot(1, {true});

  const std::string dark = qr::drawn(dot, Ground::kDark, Characters::kBlocks);

  CHECK(dark.substr(dark.size() - times(9, "█").size() - 1) == times(9, "█") + "\n");
}

TEST_CASE("the width is known before anything is drawn", "[qr]") {
  CHECK(qr::columns_of(tiny(), Characters::kBlocks) == 10);
  CHECK(qr::columns_of(tiny(), Characters::kAscii) == 20);
}
