// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens the person's browser the desktop's way, or with what $BROWSER says, as on machines without
// a desktop. The address goes to a program as one argument, never through a shell, and into no log.
#pragma once

#include <string_view>
#include <vector>

#include "ports/browser.h"

namespace mail_oauth {

class GioBrowser : public Browser {
 public:
  /// From the thread of the main loop.
  Result<void> open(const std::string& url) override;
};

/// The command lines of $BROWSER, in its order: separated by ":"; words as in a shell; "%s" stands
/// for the address, which else comes last; "%%" is "%". What cannot be split into words is left
/// out.
std::vector<std::vector<std::string>> browser_commands(std::string_view browser,
                                                       const std::string& url);

}  // namespace mail_oauth
