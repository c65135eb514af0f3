// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/status_line.h"

#include <glib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "base/cptr.h"
#include "base/printable.h"

namespace mail_oauth::cli {

void StatusLine::update(const std::string& text) {
  const std::string line = printable(text);
  const long width = g_utf8_strlen(line.c_str(), -1);
  const std::string rest(static_cast<std::size_t>(std::max(0L, width_ - width)), ' ');
  g_printerr("\r%s%s", line.c_str(), rest.c_str());
  width_ = std::max(width, 1L);
}

void StatusLine::end() {
  if (width_ > 0) g_printerr("\n");
  width_ = 0;
}

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string clock_text(long seconds) {
  const long hours = seconds / 3600;
  const long minutes = seconds / 60 % 60;
  const GCharPtr text(hours > 0 ? g_strdup_printf("%ld:%02ld:%02ld", hours, minutes, seconds % 60)
                                : g_strdup_printf("%ld:%02ld", minutes, seconds % 60));
  return text.get();
}

}  // namespace mail_oauth::cli
