// SPDX-License-Identifier: GPL-3.0-or-later
#include "qr/terminal.h"

namespace mail_oauth::qr {

namespace {

constexpr int kQuietZone = 4;

/// Whether a module is to be filled with the letters' colour.
struct Pen {
  const Matrix& matrix;
  Ground ground;

  bool fills(int x, int y) const { return matrix.dark(x, y) == (ground == Ground::kLight); }
};

std::string ascii_line(const Pen& pen, int y) {
  std::string line;
  for (int x = -kQuietZone; x < pen.matrix.size() + kQuietZone; ++x) {
    line += pen.fills(x, y) ? "##" : "  ";
  }
  return line + "\n";
}

std::string block_line(const Pen& pen, int y) {
  static constexpr const char* kBlocks[] = {" ", "\u2580", "\u2584", "\u2588"};
  std::string line;
  for (int x = -kQuietZone; x < pen.matrix.size() + kQuietZone; ++x) {
    line += kBlocks[(pen.fills(x, y) ? 1 : 0) + (pen.fills(x, y + 1) ? 2 : 0)];
  }
  return line + "\n";
}

}  // namespace

std::string drawn(const Matrix& matrix, Ground ground, Characters characters) {
  const Pen pen{matrix, ground};
  const bool blocks = characters == Characters::kBlocks;
  std::string picture;
  for (int y = -kQuietZone; y < matrix.size() + kQuietZone; y += blocks ? 2 : 1) {
    picture += blocks ? block_line(pen, y) : ascii_line(pen, y);
  }
  return picture;
}

int columns_of(const Matrix& matrix, Characters characters) {
  return (matrix.size() + 2 * kQuietZone) * (characters == Characters::kAscii ? 2 : 1);
}

}  // namespace mail_oauth::qr
