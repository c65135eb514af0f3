// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sign-in says to the person or, with --json, to the program that runs us; and what it reads
// from standard input meanwhile. Main thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/output.h"
#include "ports/call.h"
#include "signin/authorization_code_flow.h"

namespace mail_oauth::cli {

class LoginTalk {
 public:
  /// `paste`: the address on which the browser ended is read from standard input.
  LoginTalk(const Output& output, bool paste);

  /// For the flow; borrows this.
  signin::SignInTalk talk();
  /// Where pasted lines go. After a kProtocol another line is read: the address was not one of this
  /// sign-in. Every other error, and the end of the lines, ends it through `on_failure`.
  void connect(std::function<Result<void>(std::string_view)> paste,
               std::function<void(Error)> on_failure);

  /// Ctrl-C came too late to end the sign-in.
  void show_storing() const;
  void print(const signin::SignedIn& signed_in) const;

 private:
  void show_address(const std::string& url);
  void read_address();
  void show_refused(const Error& why);
  void show_no_browser(const Error& why) const;
  void ask(const std::string& asked, const std::string& found, std::function<void(bool)> decide);
  void event(const char* name, const std::function<void(Json&)>& fill) const;

  const Output& output_;
  bool paste_;
  std::function<Result<void>(std::string_view)> pasted_;
  std::function<void(Error)> on_failure_;
  std::optional<Error> refused_;  ///< Why the address before was not taken.
  Call reading_;
};

}  // namespace mail_oauth::cli
