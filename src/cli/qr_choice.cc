// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/qr_choice.h"

#include <string>

#include "base/i18n.h"

namespace mail_oauth::cli {

namespace {

/// White, and the bright colours but the bright black.
bool light_colour(std::string_view number) {
  return number == "7" || number == "9" || (number.size() == 2 && number >= "10" && number <= "15");
}

bool apply(std::string_view word, QrChoice& choice) {
  if (word == "none") {
    choice.drawn = false;
  } else if (word == "light") {
    choice.ground = qr::Ground::kLight;
  } else if (word == "dark") {
    choice.ground = qr::Ground::kDark;
  } else if (word == "utf-8" || word == "utf8") {
    choice.characters = qr::Characters::kBlocks;
  } else if (word == "ascii") {
    choice.characters = qr::Characters::kAscii;
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<QrChoice> qr_choice(std::string_view words, bool utf8, std::string_view colorfgbg) {
  QrChoice choice;
  if (utf8) choice.characters = qr::Characters::kBlocks;
  const auto behind = colorfgbg.rfind(';');
  if (behind != std::string_view::npos && light_colour(colorfgbg.substr(behind + 1))) {
    choice.ground = qr::Ground::kLight;
  }
  for (std::size_t from = 0; !words.empty() && from <= words.size();) {
    const std::string_view word = words.substr(from, words.find(',', from) - from);
    from += word.size() + 1;
    if (apply(word, choice)) continue;
    return make_error(Error::Kind::kConfig,
                      format(_("\"{}\" is no way to draw a QR code: use light or dark, utf-8 or "
                               "ascii, or none."),
                             {word}));
  }
  return choice;
}

}  // namespace mail_oauth::cli
