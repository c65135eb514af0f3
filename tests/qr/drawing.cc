// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws the text of its first argument as the other two say: light|dark blocks|ascii.
#include <cstdio>
#include <string>

#include "qr/terminal.h"

int main(int argc, char** argv) {
  using namespace mail_oauth::qr;
  if (argc != 4) return 2;
  const auto matrix = encode(argv[1]);
  if (!matrix) return 1;
  const Ground ground = std::string(argv[2]) == "dark" ? Ground::kDark : Ground::kLight;
  const Characters characters =
      std::string(argv[3]) == "ascii" ? Characters::kAscii : Characters::kBlocks;
  std::fputs(drawn(*matrix, ground, characters).c_str(), stdout);
  return 0;
}
