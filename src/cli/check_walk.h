// SPDX-License-Identifier: GPL-3.0-or-later
//
// The walk from a grant to a mailbox, by one protocol at a time. Main thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/check_report.h"
#include "cli/session.h"

namespace mail_oauth::cli {

/// Whom and what is looked at.
struct CheckSubject {
  bool signed_in = false;  ///< Else what needs a token is not tried.
  GrantKey grant;
  Provider provider;
  std::string mailbox;
  bool send_test = false;  ///< A message goes from `mailbox` to the one who signed in.
};

/// A link by its names.
struct CheckStep {
  const char* name;
  const char* title;
};

/// Measures one link, and makes it.
class CheckTimer {
 public:
  CheckLink holds(CheckStep step, std::optional<Protocol> protocol, MailFinding finding) const;
  CheckLink broken(CheckStep step, std::optional<Protocol> protocol, Error error) const;

 private:
  CheckLink made(CheckStep step, std::optional<Protocol> protocol) const;

  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Of all links that walk_protocol() may report.
std::vector<const char*> protocol_titles(bool send_test);

/// Walks until a link breaks; those behind it are reported as not tried. False: Ctrl-C.
bool walk_protocol(Session& session, CheckReport& report, const CheckSubject& subject,
                   Protocol protocol);

}  // namespace mail_oauth::cli
