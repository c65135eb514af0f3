// SPDX-License-Identifier: GPL-3.0-or-later
//
// Port: the person's web browser.
#pragma once

#include <string>

#include "base/result.h"

namespace mail_oauth {

class Browser {
 public:
  virtual ~Browser() = default;

  /// Starts it and returns; whether a page came up cannot be known. kConfig: the desktop knows no
  /// browser, or it could not be started.
  virtual Result<void> open(const std::string& url) = 0;
};

}  // namespace mail_oauth
