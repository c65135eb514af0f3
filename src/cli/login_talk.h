// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a sign-in says to the person or, with --json, to the program that runs us; and what it reads
// from standard input meanwhile. Main thread.
#pragma once

#include <functional>
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
  /// Where pasted lines go. What it returns as an error ends the sign-in through `on_failure`.
  void connect(std::function<Result<void>(std::string_view)> paste,
               std::function<void(Error)> on_failure);

  void print(const signin::SignedIn& signed_in) const;

 private:
  void show_address(const std::string& url);
  void show_no_browser(const Error& why) const;
  void ask(const std::string& asked, const std::string& found, std::function<void(bool)> decide);
  void event(const char* name, const std::function<void(Json&)>& fill) const;

  const Output& output_;
  bool paste_;
  std::function<Result<void>(std::string_view)> pasted_;
  std::function<void(Error)> on_failure_;
  Call reading_;
};

}  // namespace mail_oauth::cli
