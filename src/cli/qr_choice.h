// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a QR code is drawn on this terminal: what --qr says, else what can be found out. Pure.
#pragma once

#include <string_view>

#include "base/result.h"
#include "qr/terminal.h"

namespace mail_oauth::cli {

struct QrChoice {
  bool drawn = true;
  qr::Ground ground = qr::Ground::kDark;
  qr::Characters characters = qr::Characters::kAscii;
};

/// `words`: the value of --qr, words separated by commas: light or dark, utf-8 or ascii, none;
/// empty when it was not given. `utf8`: whether the locale writes UTF-8. `colorfgbg`: the variable
/// COLORFGBG ("15;0": letters, then ground), which some terminals set; dark is assumed where it
/// says nothing. kConfig: another word.
Result<QrChoice> qr_choice(std::string_view words, bool utf8, std::string_view colorfgbg);

}  // namespace mail_oauth::cli
