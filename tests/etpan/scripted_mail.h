// SPDX-License-Identifier: GPL-3.0-or-later
//
// A mail server on loopback, without TLS, that plays one script to one connection, and libetpan
// sessions for it. The test's thread; the server has one of its own until the object goes.
#pragma once

#include <libetpan/libetpan.h>

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/cptr.h"
#include "etpan/login.h"

namespace mail_oauth::testing {

struct Step {
  enum class Verb { kSend, kExpect, kClose };
  Verb verb;
  std::string text;
};

/// Bytes for the client. "{tag}" is the first word of the last line that came.
inline Step send(std::string text) { return {Step::Verb::kSend, std::move(text)}; }
/// A whole line; "{any}" at the end stands for anything, "{tag}" at the start for a tag.
inline Step expect(std::string line) { return {Step::Verb::kExpect, std::move(line)}; }
inline Step hang_up() { return {Step::Verb::kClose, {}}; }

class ScriptedMail {
 public:
  explicit ScriptedMail(std::vector<Step> script);
  ~ScriptedMail();
  ScriptedMail(const ScriptedMail&) = delete;
  ScriptedMail& operator=(const ScriptedMail&) = delete;

  int port() const { return port_; }
  /// Waits for the end of the script; all lines that came. The last one is "UNEXPECTED" and the
  /// line when one was not as the script wants.
  const std::vector<std::string>& finish();

 private:
  void play(int connection, const std::vector<Step>& script);

  int listening_ = -1;
  int port_ = 0;
  std::vector<std::string> received_;
  std::thread thread_;
};

/// Connected sessions.
using ImapPtr = CPtr<mailimap, mailimap_free>;
using PopPtr = CPtr<mailpop3, mailpop3_free>;
using SmtpPtr = CPtr<mailsmtp, mailsmtp_free>;
ImapPtr imap_to(int port);
PopPtr pop_to(int port);
SmtpPtr smtp_to(int port);

/// Tokens from a list; the last one for ever.
struct TokenList {
  std::deque<std::string> next;
  std::vector<std::string> refused;
  int asked = 0;

  etpan::Tokens tokens();
};

/// A login of alice over a plain loopback connection.
etpan::Login plain_login(TokenList& list);

/// Everything that libetpan logs while one lives, private bytes too.
class WireLog {
 public:
  WireLog();
  ~WireLog();
  WireLog(const WireLog&) = delete;
  WireLog& operator=(const WireLog&) = delete;
  static const std::string& text();
};

}  // namespace mail_oauth::testing
