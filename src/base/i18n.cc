// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/i18n.h"

#include <glib.h>
#include <libintl.h>

namespace mail_oauth {

namespace {

// Whether a data folder has a catalogue of ours for a language of this person.
bool has_catalogue(const std::string& locale_folder) {
  for (const char* const* language = g_get_language_names(); *language; ++language) {
    const std::string file =
        locale_folder + "/" + *language + "/LC_MESSAGES/" MAIL_OAUTH_TEXT_DOMAIN ".mo";
    if (g_file_test(file.c_str(), G_FILE_TEST_IS_REGULAR)) return true;
  }
  return false;
}

// gettext looks in one folder only. An uninstalled program finds its manifests by XDG_DATA_DIRS, so
// the words come from there, too.
std::string locale_folder() {
  for (const char* const* folder = g_get_system_data_dirs(); *folder; ++folder) {
    const std::string candidate = std::string(*folder) + "/locale";
    if (g_path_is_absolute(*folder) && has_catalogue(candidate)) return candidate;
  }
  return MAIL_OAUTH_LOCALE_DIR;
}

}  // namespace

void bind_text_domain() {
  bindtextdomain(MAIL_OAUTH_TEXT_DOMAIN, locale_folder().c_str());
  bind_textdomain_codeset(MAIL_OAUTH_TEXT_DOMAIN, "UTF-8");
}

const char* translated(const char* text) {
  // Under the empty text catalogues keep their header.
  return *text ? dgettext(MAIL_OAUTH_TEXT_DOMAIN, text) : text;
}

const char* translated_plural(const char* one, const char* many, unsigned long count) {
  return dngettext(MAIL_OAUTH_TEXT_DOMAIN, one, many, count);
}

std::string format(std::string_view text, std::initializer_list<std::string_view> values) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size();) {
    const bool plain = text.substr(at, 2) == "{}";
    const bool numbered = !plain && text[at] == '{' && at + 2 < text.size() &&
                          text[at + 2] == '}' && text[at + 1] >= '1' && text[at + 1] <= '9';
    const std::size_t index = plain      ? next
                              : numbered ? static_cast<std::size_t>(text[at + 1] - '1')
                                         : values.size();
    if (index >= values.size()) {
      out += text[at++];
      continue;
    }
    out += values.begin()[index];
    if (plain) ++next;
    at += plain ? 2 : 3;
  }
  return out;
}

}  // namespace mail_oauth
