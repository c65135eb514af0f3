// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/printable.h"

#include <glib.h>

#include "base/cptr.h"

namespace mail_oauth {

namespace {

bool harmless(gunichar c) {
  switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:  // bidirectional overrides
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
      return false;
    default:
      return true;
  }
}

std::string cleaned(std::string_view text, bool keep_line_ends) {
  const GCharPtr valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  std::string clean;
  for (const char* at = valid.get(); *at; at = g_utf8_next_char(at)) {
    const gunichar c = g_utf8_get_char(at);
    if (harmless(c) || (c == '\n' && keep_line_ends)) {
      const char* next = g_utf8_next_char(at);
      clean.append(at, next);
    } else {
      clean += '?';
    }
  }
  return clean;
}

}  // namespace

std::string printable(std::string_view text) { return cleaned(text, false); }
std::string printable_text(std::string_view text) { return cleaned(text, true); }

}  // namespace mail_oauth
