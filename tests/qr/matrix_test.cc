// SPDX-License-Identifier: GPL-3.0-or-later
#include "qr/matrix.h"

#include "support/catch.h"

using namespace mail_oauth;

TEST_CASE("a code grows with its text, four modules at a time", "[qr]") {
  // ISO/IEC 18004 table 7: bytes that versions 1, 2, 3, 4 and 40 hold at level L.
  const auto [bytes, size] = GENERATE(table<std::size_t, int>(
      {{1, 21}, {17, 21}, {18, 25}, {32, 25}, {33, 29}, {54, 33}, {2953, 177}}));
  CAPTURE(bytes);

  const auto matrix = qr::encode(std::string(bytes, 'a'));

  REQUIRE(matrix);
  CHECK(matrix->size() == size);
}

TEST_CASE("three corners have the finder pattern, and everything outside is light", "[qr]") {
  const auto matrix = qr::encode("https://p.example/d");
  REQUIRE(matrix);
  const int last = matrix->size() - 1;

  for (const auto& corner : {std::pair(0, 0), std::pair(last - 6, 0), std::pair(0, last - 6)}) {
    CAPTURE(corner.first, corner.second);
    for (int i = 0; i < 7; ++i) {
      CHECK(matrix->dark(corner.first + i, corner.second));
      CHECK(matrix->dark(corner.first + i, corner.second + 3) == (i != 1 && i != 5));
    }
  }
  CHECK_FALSE(matrix->dark(-1, 0));
  CHECK_FALSE(matrix->dark(0, last + 1));
}

TEST_CASE("what no code can hold is an error", "[qr]") {
  const auto bytes = GENERATE(as<std::size_t>{}, 0, 2954, 70'000);

  const auto matrix = qr::encode(std::string(bytes, 'a'));

  REQUIRE_FALSE(matrix);
  CHECK(matrix.error().kind == Error::Kind::kConfig);
}
