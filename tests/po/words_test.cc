// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words through the real gettext and our own catalogues, of which XDG_DATA_DIRS names the built
// ones.
#include <clocale>
#include <cstdlib>
#include <string>

#include "base/i18n.h"
#include "support/catch.h"

using namespace mail_oauth;

namespace {

void speak(const char* language) {
  setenv("LANGUAGE", language, 1);
  REQUIRE(std::setlocale(LC_ALL, "") != nullptr);
  bind_text_domain();
}

std::string days(unsigned long count) {
  return format(translated_plural("{} day", "{} days", count), {std::to_string(count)});
}

}  // namespace

TEST_CASE("each language counts as its people do", "[po]") {
  const auto [language, none, one, two] =
      GENERATE(table<const char*, const char*, const char*, const char*>({
          {"fr", "0 jour", "1 jour", "2 jours"},  // nothing is singular in French
          {"de", "0 Tage", "1 Tag", "2 Tage"},
          {"C", "0 days", "1 day", "2 days"},
      }));
  CAPTURE(language);
  speak(language);

  CHECK(days(0) == none);
  CHECK(days(1) == one);
  CHECK(days(2) == two);
}

TEST_CASE("a translation with another order of words gets the right values", "[po]") {
  speak("de");

  CHECK(format(_("This computer's clock is {1} behind the provider's, which says {2} (local time). "
                 "Set it, or expired tokens will be sent."),
               {"5 Tage", "12:00"})
            .find("die 12:00 (Ortszeit) zeigt, um 5 Tage nach") != std::string::npos);
}

TEST_CASE("no words stay no words in every language", "[po]") {
  speak(GENERATE("de", "fr", "C"));

  CHECK(std::string(translated("")).empty());
}

TEST_CASE("a language without a catalogue stays English", "[po]") {
  speak("eo");

  CHECK(std::string(_("Cancelled.")) == "Cancelled.");
}
