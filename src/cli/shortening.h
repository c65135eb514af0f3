// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes out of a text what does not belong in a bug report: who somebody is, and where their files
// are. Enough stays to see whether two addresses are the same. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace mail_oauth::cli {

/// "alice@contoso.test" becomes "a***@c***.test".
std::string short_address(std::string_view address);

class Shortening {
 public:
  /// `full`: nothing is taken out. `addresses`: whose names are looked for without the domain, too.
  explicit Shortening(bool full, const std::vector<std::string>& addresses = {});

  /// Shortens every address in the text (also with "%40" for "@"), the known names as whole words
  /// in any case, and paths of files to their last part.
  std::string operator()(std::string_view text) const;
  /// Its words. Code and correlation id hold no address (base/error.h).
  Error operator()(Error error) const;

 private:
  bool full_;
  std::vector<std::string> names_;
};

}  // namespace mail_oauth::cli
