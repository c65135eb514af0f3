// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line on a terminal's standard error that is written over again and again. Main thread.
#pragma once

#include <string>

namespace mail_oauth::cli {

class StatusLine {
 public:
  StatusLine() = default;
  ~StatusLine() { end(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// Shows `text` in place of what stood there.
  void update(const std::string& text);
  /// What follows begins on a line of its own. Harmless when nothing is shown.
  void end();

 private:
  long width_ = 0;  ///< Of what stands there; 0: nothing does.
};

/// Columns of the terminal on standard error; 0 when it is none or does not say.
int terminal_columns();

/// "14:59", or "1:00:00" from an hour on.
std::string clock_text(long seconds);

}  // namespace mail_oauth::cli
