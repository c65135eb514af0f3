// SPDX-License-Identifier: GPL-3.0-or-later
//
// Another browser, started so that what it prints does not get between our data on standard output.
// Main thread.
#pragma once

#include "ports/browser.h"

namespace mail_oauth::cli {

class QuietBrowser : public Browser {
 public:
  /// Borrows `browser`.
  explicit QuietBrowser(Browser& browser) : browser_(browser) {}

  /// As the other's.
  Result<void> open(const std::string& url) override;

 private:
  Browser& browser_;
};

}  // namespace mail_oauth::cli
