// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `check` found, link by link: a line each as it comes, or one JSON object at the end. All of
// it goes through a Shortening. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/shortening.h"
#include "ports/mail_probe.h"

namespace mail_oauth::cli {

/// One link of the chain from the keyring to the mailbox.
struct CheckLink {
  enum class Outcome { kHolds, kBroken, kNotTried };

  std::optional<Protocol> protocol;  ///< None: it is not of one protocol.
  const char* name = "";             ///< Stable, for --json.
  const char* title = "";            ///< Marked with N_.
  Outcome outcome = Outcome::kNotTried;
  std::chrono::milliseconds took{0};
  MailFinding finding;         ///< kHolds
  std::optional<Error> error;  ///< kBroken
};

class CheckReport {
 public:
  /// Borrows the output. `titles`: of all links that may come, for the width of their column.
  CheckReport(const Output& output, Shortening shortening, const std::vector<const char*>& titles);

  /// What the report is about, for --json.
  void about(const char* name, const std::string& value);
  /// A line above the links of a protocol.
  void heading(const std::string& words);
  void add(CheckLink link);
  /// Says how it went, in one sentence. The worst error, if any link broke: one that a person has
  /// to mend first.
  Result<void> finish();

 private:
  std::string line_of(const CheckLink& link) const;
  Json json_of_link(const CheckLink& link) const;
  std::string error_words(const Error& error) const;
  const CheckLink* worst() const;
  std::string verdict(const CheckLink* worst) const;

  const Output& output_;
  Shortening shortening_;
  std::size_t width_ = 0;
  std::vector<std::pair<const char*, std::string>> about_;
  std::vector<CheckLink> links_;
};

}  // namespace mail_oauth::cli
