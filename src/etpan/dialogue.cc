// SPDX-License-Identifier: GPL-3.0-or-later
#include "etpan/dialogue.h"

#include "base/i18n.h"

namespace mail_oauth::etpan {

Error unexpected_answer(Protocol protocol) {
  return make_error(Error::Kind::kProtocol,
                    format(_("The {} server gave an answer that its protocol does not know."),
                           {protocol_title(protocol)}));
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      word += c;
      continue;
    }
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace mail_oauth::etpan
