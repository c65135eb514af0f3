// SPDX-License-Identifier: GPL-3.0-or-later
#include "scripted_mail.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace mail_oauth::testing {

namespace {

std::string& wire() {
  static std::string text;
  return text;
}

void keep(mailstream_low*, int, int, const char* bytes, size_t size) { wire().append(bytes, size); }

void replace_tag(std::string& text, const std::string& tag) {
  const auto at = text.find("{tag}");
  if (at != std::string::npos) text.replace(at, 5, tag);
}

bool matches(std::string wanted, const std::string& line, const std::string& tag) {
  replace_tag(wanted, tag);
  const auto any = wanted.find("{any}");
  return any == std::string::npos ? line == wanted : line.compare(0, any, wanted, 0, any) == 0;
}

bool read_line(int connection, std::string& waiting, std::string& line) {
  for (;;) {
    const auto end = waiting.find("\r\n");
    if (end != std::string::npos) {
      line = waiting.substr(0, end);
      waiting.erase(0, end + 2);
      return true;
    }
    char bytes[4096];
    const ssize_t count = recv(connection, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    waiting.append(bytes, static_cast<std::size_t>(count));
  }
}

}  // namespace

ScriptedMail::ScriptedMail(std::vector<Step> script) {
  signal(SIGPIPE, SIG_IGN);  // libetpan says goodbye to servers that are gone
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(listening_, reinterpret_cast<sockaddr*>(&address), size);
  listen(listening_, 1);
  getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, script = std::move(script)] {
    const int connection = accept(listening_, nullptr, nullptr);
    if (connection < 0) return;
    play(connection, script);
    close(connection);
  });
}

ScriptedMail::~ScriptedMail() {
  finish();
  close(listening_);
}

const std::vector<std::string>& ScriptedMail::finish() {
  shutdown(listening_, SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
  return received_;
}

void ScriptedMail::play(int connection, const std::vector<Step>& script) {
  std::string waiting;
  std::string tag;
  for (const Step& step : script) {
    if (step.verb == Step::Verb::kClose) return;
    if (step.verb == Step::Verb::kPause) {
      std::this_thread::sleep_for(std::chrono::milliseconds(std::stol(step.text)));
      continue;
    }
    if (step.verb == Step::Verb::kDrip) {
      while (::send(connection, step.text.data(), step.text.size(), MSG_NOSIGNAL) > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
      return;
    }
    if (step.verb == Step::Verb::kSend) {
      std::string text = step.text;
      replace_tag(text, tag);
      if (::send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
      continue;
    }
    std::string line;
    if (!read_line(connection, waiting, line)) return;
    tag = line.substr(0, line.find(' '));
    const bool fits = matches(step.text, line, tag);
    received_.push_back(fits ? line : "UNEXPECTED " + line);
    if (!fits) return;
  }
}

ImapPtr imap_to(int port) {
  ImapPtr session(mailimap_new(0, nullptr));
  mailimap_socket_connect(session.get(), "127.0.0.1", static_cast<uint16_t>(port));
  return session;
}

PopPtr pop_to(int port) {
  PopPtr session(mailpop3_new(0, nullptr));
  mailpop3_socket_connect(session.get(), "127.0.0.1", static_cast<uint16_t>(port));
  return session;
}

SmtpPtr smtp_to(int port) {
  SmtpPtr session(mailsmtp_new(0, nullptr));
  mailsmtp_socket_connect(session.get(), "127.0.0.1", static_cast<uint16_t>(port));
  return session;
}

etpan::Tokens TokenList::tokens() {
  etpan::Tokens tokens;
  tokens.current = [this]() -> Result<AccessToken> {
    ++asked;
    const std::string token = next.front();
    if (next.size() > 1) next.pop_front();
    return AccessToken(Secret(token));
  };
  tokens.refused = [this](std::string_view token) { refused.emplace_back(token); };
  return tokens;
}

etpan::Login plain_login(TokenList& list) {
  etpan::Login login;
  login.user = "alice@contoso.test";
  login.peer.host = "127.0.0.1";
  login.peer.plain_on_loopback = true;
  login.tokens = list.tokens();
  return login;
}

WireLog::WireLog() {
  wire().clear();
  mailstream_debug = 1;
  mailstream_logger_id = keep;
}

WireLog::~WireLog() {
  mailstream_debug = 0;
  mailstream_logger_id = nullptr;
}

const std::string& WireLog::text() { return wire(); }

}  // namespace mail_oauth::testing
