// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a MailProbe does over one libetpan session, blocking; one implementation per protocol:
// imap_probe_session.cc, pop_probe_session.cc, smtp_probe_session.cc.
//
// One thread at a time, with SIGPIPE blocked.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "etpan/dialogue.h"
#include "etpan/login.h"
#include "ports/mail_probe.h"

namespace mail_oauth::etpan {

class ProbeSession {
 public:
  /// Says goodbye in the words of its protocol where there is a connection.
  virtual ~ProbeSession() = default;
  ProbeSession() = default;
  ProbeSession(const ProbeSession&) = delete;
  ProbeSession& operator=(const ProbeSession&) = delete;

  /// Takes the stream over and hears the greeting: its words.
  virtual Result<std::string> greet(mailstream* stream) = 0;
  virtual Result<void> start_tls(const std::string& host) = 0;
  /// Null before greet().
  virtual mailstream* stream() = 0;
  /// Closes the stream without a word.
  virtual void drop() = 0;
  /// Asks for the dialogue; only while `stream` lives.
  virtual std::unique_ptr<Dialogue> dialogue(Stream& stream) = 0;
  virtual Result<Mechanism> login(const Login& login) = 0;
  /// What is in the mailbox, or for SMTP who may send.
  virtual Result<std::string> open_mailbox(const MailProbeTarget& target) = 0;
  /// SMTP: sends one message. kInternal for the others.
  virtual Result<std::string> send_message(const MailProbeTarget& target);
};

/// `patience`: for each answer.
std::unique_ptr<ProbeSession> imap_probe_session(std::chrono::seconds patience);
std::unique_ptr<ProbeSession> pop_probe_session(std::chrono::seconds patience);
std::unique_ptr<ProbeSession> smtp_probe_session(std::chrono::seconds patience);

/// kRefused: the greeting was a "no" or none of the protocol's; kTransient when nothing came.
/// `words` are the server's.
Error no_greeting(Protocol protocol, bool lost, const char* words);

}  // namespace mail_oauth::etpan
