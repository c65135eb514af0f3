// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/qr_choice.h"

#include "cli/status_line.h"
#include "support/catch.h"

using namespace mail_oauth;
using qr::Characters;
using qr::Ground;

TEST_CASE("what can be found out decides where nothing was said", "[cli][qr]") {
  const auto [utf8, colours, ground, characters] =
      GENERATE(table<bool, std::string, Ground, Characters>({
          {true, "", Ground::kDark, Characters::kBlocks},
          {false, "", Ground::kDark, Characters::kAscii},
          {true, "0;15", Ground::kLight, Characters::kBlocks},          // rxvt, black on white
          {true, "15;0", Ground::kDark, Characters::kBlocks},           // white on black
          {true, "0;default;15", Ground::kLight, Characters::kBlocks},  // rxvt with a pixmap
          {true, "12;8", Ground::kDark, Characters::kBlocks},           // bright black
          {true, "0;7", Ground::kLight, Characters::kBlocks},
          {true, "default;default", Ground::kDark, Characters::kBlocks},
          {true, "nonsense", Ground::kDark, Characters::kBlocks},
      }));
  CAPTURE(utf8, colours);

  const auto choice = cli::qr_choice("", utf8, colours);

  REQUIRE(choice);
  CHECK(choice->drawn);
  CHECK(choice->ground == ground);
  CHECK(choice->characters == characters);
}

TEST_CASE("what was said wins", "[cli][qr]") {
  const auto [words, ground, characters] = GENERATE(table<std::string, Ground, Characters>({
      {"dark", Ground::kDark, Characters::kBlocks},
      {"ascii", Ground::kLight, Characters::kAscii},
      {"dark,ascii", Ground::kDark, Characters::kAscii},
      {"ascii,light", Ground::kLight, Characters::kAscii},
      {"utf-8", Ground::kLight, Characters::kBlocks},
  }));
  CAPTURE(words);

  const auto choice = cli::qr_choice(words, true, "0;15");

  REQUIRE(choice);
  CHECK(choice->ground == ground);
  CHECK(choice->characters == characters);
}

TEST_CASE("no QR code at all can be wanted", "[cli][qr]") {
  CHECK_FALSE(cli::qr_choice("none", true, "")->drawn);
}

TEST_CASE("another word is named", "[cli][qr]") {
  const auto words = GENERATE(as<std::string>{}, "purple", "light,", ",dark", "light;dark", "Dark");

  const auto choice = cli::qr_choice(words, true, "");

  REQUIRE_FALSE(choice);
  CHECK(choice.error().kind == Error::Kind::kConfig);
}

TEST_CASE("time is told as clocks do", "[cli]") {
  CHECK(cli::clock_text(0) == "0:00");
  CHECK(cli::clock_text(59) == "0:59");
  CHECK(cli::clock_text(900) == "15:00");
  CHECK(cli::clock_text(3661) == "1:01:01");
}
