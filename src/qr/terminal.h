// SPDX-License-Identifier: GPL-3.0-or-later
//
// A QR code in characters, for a terminal. Pure; any thread.
//
// A camera wants dark modules on a light ground with a light margin (the quiet zone, four modules).
// What a character leaves empty has the terminal's ground, and what it fills has the colour of the
// letters; so on a light terminal the dark modules are drawn, and on a dark one the light modules
// and the margin.
#pragma once

#include <string>

#include "qr/matrix.h"

namespace mail_oauth::qr {

enum class Ground {
  kLight,  ///< Dark letters on a light terminal.
  kDark,   ///< Light letters on a dark terminal.
};

enum class Characters {
  kBlocks,  ///< UTF-8 half blocks: one column and half a line per module.
  kAscii,   ///< "#" twice: two columns and a line per module.
};

/// Lines of equal width, each ended by "\n".
std::string drawn(const Matrix& matrix, Ground ground, Characters characters);

/// Columns of such a line.
int columns_of(const Matrix& matrix, Characters characters);

}  // namespace mail_oauth::qr
