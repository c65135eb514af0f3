// SPDX-License-Identifier: GPL-3.0-or-later
//
// A text as a QR code (ISO/IEC 18004): a square of dark and light modules.
//
// Knows nothing of screens: terminal.h draws it. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mail_oauth::qr {

class Matrix {
 public:
  /// Row by row; REQUIRES: size * size modules.
  Matrix(int size, std::vector<bool> dark) : size_(size), dark_(std::move(dark)) {}

  /// Modules on a side, without a quiet zone.
  int size() const { return size_; }

  /// Outside of the square everything is light.
  bool dark(int x, int y) const {
    if (x < 0 || y < 0 || x >= size_ || y >= size_) return false;
    return dark_[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) +
                 static_cast<std::size_t>(x)];
  }

 private:
  int size_;
  std::vector<bool> dark_;
};

/// The smallest code that holds `text`, byte for byte, with the least redundancy: a screen does not
/// get dirty. kConfig: empty, or longer than the 2,953 bytes that any code can hold.
Result<Matrix> encode(std::string_view text);

}  // namespace mail_oauth::qr
