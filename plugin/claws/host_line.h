// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the values back out of a line that the host made by printf, in whatever language it speaks:
// the host tells its plugins some things in its log only.
//
// Pure: knows nothing of the host; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mail_oauth::claws {

class HostLine {
 public:
  /// `format`: as the host gives it to printf, translated; its conversions are "%s", "%d" and the
  /// like, numbered ("%2$s") or not.
  explicit HostLine(std::string_view format);

  /// The values in the order in which the host gives them; nothing when the line is another one.
  /// What stands before and after it does not count. Of the words between two values the last ones
  /// in the line are taken: a name that comes first may hold anything.
  std::optional<std::vector<std::string>> values(std::string_view line) const;

 private:
  std::vector<std::string> words_;  ///< Around the conversions: one more than there are.
  std::vector<std::size_t> order_;  ///< Which value each conversion shows.
};

}  // namespace mail_oauth::claws
