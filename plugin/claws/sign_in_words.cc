// SPDX-License-Identifier: GPL-3.0-or-later
#include "claws/sign_in_words.h"

#include <algorithm>

#include "base/i18n.h"
#include "explain/explanation.h"

namespace mail_oauth::claws {

std::string time_left_words(std::chrono::seconds left) {
  const auto seconds = static_cast<unsigned long>(std::max<long>(0, left.count()));
  if (seconds == 0) return _("The code has run out.");
  if (seconds < 60) {
    return format(translated_plural("The code is good for {} more second.",
                                    "The code is good for {} more seconds.", seconds),
                  {std::to_string(seconds)});
  }
  const unsigned long minutes = seconds / 60;
  return format(translated_plural("The code is good for {} more minute.",
                                  "The code is good for {} more minutes.", minutes),
                {std::to_string(minutes)});
}

std::string plain_words(const Error& error) {
  std::string words = error.what;
  for (const std::string& line : explain::lines(explain::explain(error))) words += "\n" + line;
  if (error.kind == Error::Kind::kInternal) {
    words += "\n" + format(_("Please report this (mail-oauth {})."), {MAIL_OAUTH_VERSION});
  }
  return words;
}

std::string details_of(const Error& error) {
  std::string lines = format(_("Kind: {}"), {kind_name(error.kind)});
  const auto add = [&](const char* frame, const std::string& value) {
    if (!value.empty()) lines += "\n" + format(frame, {value});
  };
  add(_("Error: {}"), error.code);
  std::string finer;
  for (const std::string& detail : error.details) finer += (finer.empty() ? "" : ", ") + detail;
  add(_("Codes: {}"), finer);
  add(_("Correlation ID: {}"), error.correlation_id);
  add(_("In the words of the server: {}"), error.said);
  return lines;
}

std::string without_keys(const std::string& name) {
  std::string label;
  for (const char c : name) {
    if (c == '_') label += '_';
    label += c;
  }
  return label;
}

std::string spelled(const std::string& code) {
  std::string letters;
  for (const char c : code) {
    if (!letters.empty()) letters += ' ';
    letters += c;
  }
  return letters;
}

}  // namespace mail_oauth::claws
