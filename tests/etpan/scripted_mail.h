// SPDX-License-Identifier: GPL-3.0-or-later
//
// A mail server on loopback, without TLS, that plays one script to one connection, and libetpan
// sessions for it. The test's thread; the server has one of its own until the object goes.
#pragma once

#include <libetpan/libetpan.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/cptr.h"
#include "etpan/login.h"

namespace mail_oauth::testing {

struct Step {
  enum class Verb { kSend, kExpect, kPause, kDrip, kClose };
  Verb verb;
  std::string text;
};

/// Bytes for the client. "{tag}" is the first word of the last line that came.
inline Step send(std::string text) { return {Step::Verb::kSend, std::move(text)}; }
/// A whole line; "{any}" at the end stands for anything, "{tag}" at the start for a tag.
inline Step expect(std::string line) { return {Step::Verb::kExpect, std::move(line)}; }
inline Step hang_up() { return {Step::Verb::kClose, {}}; }

/// The server takes its time.
inline Step pause(std::chrono::milliseconds time) {
  return {Step::Verb::kPause, std::to_string(time.count())};
}

/// The same bytes again and again, ten times a second, until the client goes.
inline Step drip(std::string text) { return {Step::Verb::kDrip, std::move(text)}; }

using Script = std::vector<Step>;

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

/// One login of alice at a server that plays a script; Connect is imap_to, pop_to or smtp_to.
template <auto Connect>
struct LoginRun {
  explicit LoginRun(const Script& script, const std::deque<std::string>& list = {"token-one"})
      : server(script), session(Connect(server.port())) {
    tokens.next = list;
  }
  Result<etpan::Mechanism> login() { return etpan::login(session.get(), plain_login(tokens)); }

  ScriptedMail server;
  decltype(Connect(0)) session;
  TokenList tokens;
};

/// user=alice@contoso.test ^A auth=Bearer token-one ^A^A, and token-two
inline const std::string kOne = "dXNlcj1hbGljZUBjb250b3NvLnRlc3QBYXV0aD1CZWFyZXIgdG9rZW4tb25lAQE=";
inline const std::string kTwo = "dXNlcj1hbGljZUBjb250b3NvLnRlc3QBYXV0aD1CZWFyZXIgdG9rZW4tdHdvAQE=";
/// {"status":"401","schemes":"bearer","scope":"mail"}
inline const std::string kStale =
    "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJtYWlsIn0=";

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
